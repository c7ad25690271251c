#!/bin/sh
# Prepares a Vault for the platform; run once with VAULT_ADDR and a token that may do this. Safe to run again.
# KUBERNETES_HOST: API server as Vault sees it (default: the cluster Vault runs in).
# VAULT_CLI: the command line to use (default: vault; OpenBao's is bao).
# PORTAL_NAMESPACE: namespace of the portal's service account "developer-portal" (default: developer-platform).
set -eu
cd "$(dirname "$0")"
vault() { command "${VAULT_CLI:-vault}" "$@"; }

enable() { vault "$1" list -format=json | grep -q "\"$3/\"" || vault "$1" enable -path="$3" $4 "$2"; }

enable auth kubernetes kubernetes ""
enable secrets kv secret "-version=2"
enable secrets database database ""
enable secrets ssh ssh ""

vault write auth/kubernetes/config kubernetes_host="${KUBERNETES_HOST:-https://kubernetes.default.svc}"
for policy in policies/*.hcl; do
  vault policy write "$(basename "$policy" .hcl)" "$policy"
done

vault write auth/kubernetes/role/developer-portal \
  bound_service_account_names=developer-portal \
  bound_service_account_namespaces="${PORTAL_NAMESPACE:-developer-platform}" \
  token_policies=developer-portal token_ttl=1h token_max_ttl=24h

vault read ssh/config/ca >/dev/null 2>&1 || vault write ssh/config/ca generate_signing_key=true
