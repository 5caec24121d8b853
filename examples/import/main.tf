# SPDX-License-Identifier: MPL-2.0
# Imports a filter, a target and a session that were created by hand, following the sensor's documentation. The plan says
# "3 to import", and no changes if they have the recommended settings.

terraform {
  required_version = ">= 1.6"
  required_providers {
    vns = {
      source = "vns-sensor/vns"
    }
  }
}

variable "region" {
  description = "The region of the existing objects."
  type        = string
  default     = "eu-central-1"
}

variable "filter_id" {
  description = "The id of the filter, tmf-..."
  type        = string
}

variable "target_id" {
  description = "The id of the target, tmt-..."
  type        = string
}

variable "session_id" {
  description = "The id of the session, tms-..."
  type        = string
}

variable "sensor_interface_id" {
  description = "The network interface of the target."
  type        = string
  default     = "eni-0a1b2c3d4e5f60718"
}

variable "mirrored_interface_id" {
  description = "The network interface that the session mirrors."
  type        = string
  default     = "eni-0123456789abcdef0"
}

provider "vns" {
  region = var.region
}

import {
  to = vns_mirror_filter.sensor
  id = var.filter_id
}

import {
  to = vns_mirror_target.sensor
  id = var.target_id
}

import {
  to = vns_mirror_session.web
  id = var.session_id
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
