import {
  to = vns_mirror_session.web
  id = "tms-0123456789abcdef0"
}
