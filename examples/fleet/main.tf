# SPDX-License-Identifier: MPL-2.0
# A fleet of network interfaces. The module in mirroring/ creates one filter, one target and a session for each interface.

terraform {
  required_version = ">= 1.5"
  required_providers {
    vns = {
      source = "vns-sensor/vns"
    }
  }
}

variable "region" {
  description = "The region of the load balancer and of the fleet."
  type        = string
  default     = "eu-central-1"
}

provider "vns" {
  region = var.region

  default_tags {
    tags = {
      purpose = "network-sensor"
    }
  }
}

module "mirroring" {
  source            = "./mirroring"
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/net/sensors/50dc6c495c0c9188"
  interfaces = {
    web      = "eni-0123456789abcdef0"
    app-1    = "eni-0000000000000000a"
    app-2    = "eni-0000000000000000b"
    database = "eni-0000000000000000c"
  }
}

output "vxlan_ids" {
  description = "The VXLAN network identifier of each interface's mirrored packets."
  value       = module.mirroring.vxlan_ids
}

output "deviations" {
  description = "Departures from the recommended settings, by interface. Here these are the names, on purpose."
  value       = module.mirroring.deviations
}
