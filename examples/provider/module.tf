# In a module that others use: CloudTrail shows it in the userAgent of what the module's resources ask for.
terraform {
  provider_meta "vns" {
    user_agent = ["my-module/1.2"]
  }
}
