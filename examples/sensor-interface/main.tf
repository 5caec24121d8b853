# SPDX-License-Identifier: MPL-2.0
# One network interface, mirrored to the data port of one sensor. All other settings are the recommended ones.

terraform {
  required_version = ">= 1.5"
  required_providers {
    vns = {
      source = "vns-sensor/vns"
    }
  }
}

variable "region" {
  description = "The region of the sensor and of the mirrored interface."
  type        = string
  default     = "eu-central-1"
}

variable "sensor_interface_id" {
  description = "The sensor's data port. Its security group must allow UDP port 4789 from the mirrored interface."
  type        = string
  default     = "eni-0a1b2c3d4e5f60718"
}

variable "mirrored_interface_id" {
  description = "The network interface to mirror."
  type        = string
  default     = "eni-0123456789abcdef0"
}

provider "vns" {
  region = var.region
}

resource "vns_mirror_filter" "sensor" {}

resource "vns_mirror_target" "sensor" {
  network_interface_id = var.sensor_interface_id
}

resource "vns_mirror_session" "web" {
  network_interface_id     = var.mirrored_interface_id
  traffic_mirror_target_id = vns_mirror_target.sensor.id
  traffic_mirror_filter_id = vns_mirror_filter.sensor.id
}

output "vxlan_id" {
  description = "The VXLAN network identifier of the interface's mirrored packets."
  value       = vns_mirror_session.web.virtual_network_id
}
