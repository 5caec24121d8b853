resource "vns_mirror_filter" "sensor" {}

resource "vns_mirror_target" "sensor" {
  network_interface_id = "eni-0a1b2c3d4e5f60718" # the sensor's data port
}

# Mirrors whole packets of one interface, with the highest priority: these are the defaults.
resource "vns_mirror_session" "web" {
  network_interface_id     = "eni-0123456789abcdef0" # the mirrored interface
  traffic_mirror_target_id = vns_mirror_target.sensor.id
  traffic_mirror_filter_id = vns_mirror_filter.sensor.id
}
