import {
  to = vns_mirror_filter.sensor
  id = "tmf-0123456789abcdef0"
}
