terraform {
  required_providers {
    vns = {
      source = "vns-sensor/vns"
    }
  }
}

# Credentials come from the environment. A region here is the region of every resource that names none.
provider "vns" {
  region = "eu-central-1"

  default_tags {
    tags = {
      Team = "network-security"
    }
  }
}
