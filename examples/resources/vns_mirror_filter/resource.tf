# The recommended filter: everything in both directions, and the queries to the Amazon DNS server.
resource "vns_mirror_filter" "sensor" {}

# The same without the traffic of a backup network. A filter's rules are a map by rule number: the lowest number that
# matches decides. What departs from the recommended settings stands in `deviations` and is a warning of the plan.
resource "vns_mirror_filter" "without_backups" {
  name = "sensor-without-backups"

  ingress_rules = {
    50 = {
      rule_action       = "reject"
      source_cidr_block = "10.20.0.0/16"
      description       = "Backups are encrypted and large."
    }
    100 = {}
  }
}
