import {
  to = vns_mirror_target.sensor
  id = "tmt-0123456789abcdef0"
}
