# SPDX-License-Identifier: MPL-2.0
# Two network interfaces, mirrored to several sensors behind a network load balancer. The load balancer is the mirror
# target. It needs a listener for UDP port 4789: without one nothing arrives, and nothing reports an error.

terraform {
  required_version = ">= 1.5"
  required_providers {
    vns = {
      source = "vns-sensor/vns"
    }
  }
}

variable "region" {
  description = "The region of the load balancer and of the mirrored interfaces."
  type        = string
  default     = "eu-central-1"
}

variable "load_balancer_arn" {
  description = "The network load balancer in front of the sensors."
  type        = string
  default     = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/net/sensors/50dc6c495c0c9188"
}

variable "mirrored_interface_ids" {
  description = "The network interfaces to mirror."
  type        = set(string)
  default     = ["eni-0000000000000000a", "eni-0000000000000000b"]
}

provider "vns" {
  region = var.region
}

resource "vns_mirror_filter" "sensors" {}

resource "vns_mirror_target" "sensors" {
  network_load_balancer_arn = var.load_balancer_arn
}

resource "vns_mirror_session" "all" {
  for_each                 = var.mirrored_interface_ids
  network_interface_id     = each.value
  traffic_mirror_target_id = vns_mirror_target.sensors.id
  traffic_mirror_filter_id = vns_mirror_filter.sensors.id
}
