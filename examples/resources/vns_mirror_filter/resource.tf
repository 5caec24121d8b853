# The recommended filter: all traffic in both directions, and queries to the Amazon DNS server.
resource "vns_mirror_filter" "sensor" {}

# The same without the traffic of a backup network. Rules are keyed by rule number, and the matching rule with the lowest
# number decides. Each departure from the recommended settings is a warning in the plan and an entry in `deviations`.
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
