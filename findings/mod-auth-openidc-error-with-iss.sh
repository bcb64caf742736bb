#!/usr/bin/env bash
# mod_auth_openidc 2.4.12.3 (Debian 12) takes an error of its provider for a wish to sign in, when the answer names the issuer
# as RFC 9207, section 2.4, has it: `iss` without `code` is read as a sign-in that a third party starts (OpenID Connect
# Core 1.0, section 4), before `error` is looked at. Whoever did not permit the sign-in is told of a `target_link_uri`
# instead of `access_denied`. An answer with a code may have `iss`.
# Guessed before: a parameter that is not known is ignored, and so `iss` changes nothing for a module of 2022.
#
# Seen: the same answer to the same request, without `iss` "access_denied", with it "Invalid Request".
set -euo pipefail

folder=$(mktemp -d)
trap '[ ! -e "$folder/pid" ] || kill "$(cat "$folder/pid")"; sleep 1; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
for package in libapache2-mod-auth-openidc=2.4.12.3-2+deb12u5 apache2-bin libcjose0 libjansson4 libhiredis0.14 libapr1 libaprutil1; do
    apt-get download -qq "$package"
done
for package in *.deb; do dpkg -x "$package" root; done
modules=$folder/root/usr/lib/apache2/modules
LD_LIBRARY_PATH=$(dirname "$(find root -name 'libcjose.so.0')")
export LD_LIBRARY_PATH=$folder/$LD_LIBRARY_PATH
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p www/members
cat > conf <<CONF
ServerRoot $folder
ServerName 127.0.0.1
Listen 127.0.0.1:$port
PidFile $folder/pid
ErrorLog $folder/error
DocumentRoot $folder/www
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authn_core_module $modules/mod_authn_core.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule authz_user_module $modules/mod_authz_user.so
LoadModule auth_openidc_module $modules/mod_auth_openidc.so
OIDCProviderIssuer https://provider.example.org
OIDCProviderAuthorizationEndpoint https://provider.example.org/authorize
OIDCProviderTokenEndpoint https://provider.example.org/token
OIDCProviderJwksUri https://provider.example.org/keys
OIDCClientID site
OIDCClientSecret secret
OIDCRedirectURI http://127.0.0.1:$port/members/callback
OIDCCryptoPassphrase passphrase
<Location /members/>
    AuthType openid-connect
    Require valid-user
</Location>
CONF
root/usr/sbin/apache2 -f "$folder/conf" -k start
site=http://127.0.0.1:$port/members
for _ in $(seq 50); do curl -s -o /dev/null "$site/" && break; sleep 0.1; done
for named in "" "&iss=https%3A%2F%2Fprovider.example.org"; do
    rm -f cookies
    away=$(curl -s -c cookies -o /dev/null -w '%{redirect_url}' "$site/")
    state=$(sed 's/.*[?&]state=\([^&]*\).*/\1/' <<< "$away")
    page=$(curl -s -b cookies "$site/callback?error=access_denied&state=$state$named")
    printf '%s iss: ' "$([ -n "$named" ] && echo with || echo without)"
    sed 's/<[^>]*>/ /g' <<< "$page" | grep -o 'OpenID Connect Provider error: access_denied\|Invalid Request' | head -n 1
done > seen
cat seen
cmp seen - <<'SEEN'
without iss: OpenID Connect Provider error: access_denied
with iss: Invalid Request
SEEN
