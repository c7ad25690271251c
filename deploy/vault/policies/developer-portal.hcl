# What the developer portal may do in Vault: hand out short-lived database credentials and SSH certificates, end what it handed out, and show
# which secrets exist without reading them.

path "database/creds/*" {
  capabilities = ["read"]
}

path "database/roles" {
  capabilities = ["list"]
}

path "database/roles/*" {
  capabilities = ["read", "list"]
}

path "sys/leases/lookup" {
  capabilities = ["update"]
}

path "sys/leases/renew" {
  capabilities = ["update"]
}

path "sys/leases/revoke" {
  capabilities = ["update"]
}

path "ssh/sign/*" {
  capabilities = ["update"]
}

path "secret/metadata/*" {
  capabilities = ["read", "list"]
}
