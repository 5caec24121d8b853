# The data port of one sensor.
resource "vns_mirror_target" "sensor" {
  network_interface_id = "eni-0a1b2c3d4e5f60718"
}

# The network load balancer in front of several sensors. It needs a UDP listener on port 4789.
resource "vns_mirror_target" "sensors" {
  name                      = "sensors"
  network_load_balancer_arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/net/sensors/50dc6c495c0c9188"
}
