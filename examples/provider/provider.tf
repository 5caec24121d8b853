terraform {
  required_providers {
    vns = {
      source = "vns-sensor/vns"
    }
  }
}

# Credentials come from the environment. The region applies to all resources that do not set their own.
provider "vns" {
  region = "eu-central-1"

  default_tags {
    tags = {
      Team = "network-security"
    }
  }
}
