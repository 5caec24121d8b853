# SPDX-License-Identifier: MPL-2.0
# Mirrors any number of network interfaces to the sensors behind a network load balancer, which accepts any number of
# sources, unlike a network interface.

terraform {
  required_providers {
    vns = {
      source = "vns-sensor/vns"
    }
  }
}

variable "load_balancer_arn" {
  description = "The network load balancer in front of the sensors."
  type        = string
}

variable "interfaces" {
  description = "The network interfaces to mirror, each under a unique name."
  type        = map(string)
}

resource "vns_mirror_filter" "fleet" {}

resource "vns_mirror_target" "fleet" {
  network_load_balancer_arn = var.load_balancer_arn
}

resource "vns_mirror_session" "fleet" {
  for_each = var.interfaces

  # The recommended name, made unique. It is the only departure from the recommended settings that the plan warns of.
  name                     = "VirtualNetworkSensor-TrafficMirrorSession-${each.key}"
  network_interface_id     = each.value
  traffic_mirror_target_id = vns_mirror_target.fleet.id
  traffic_mirror_filter_id = vns_mirror_filter.fleet.id
}

output "vxlan_ids" {
  value = { for name, session in vns_mirror_session.fleet : name => session.virtual_network_id }
}

output "deviations" {
  value = { for name, session in vns_mirror_session.fleet : name => session.deviations }
}
