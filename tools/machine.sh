# What the tests need of a Debian machine. Sourced by the other tools; only what is missing is installed.

# Names what comes next, with the seconds since the script began.
step() { printf '\n== %s (after %d s)\n' "$*" "$SECONDS"; }

# Installs Debian packages as root or through sudo; says so and goes on where neither is possible.
install() {
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo > /dev/null || ! sudo -n true 2> /dev/null; then
            echo "not installed, because this is not root: $*" >&2
            return 0
        fi
        root=(sudo -n)
    fi
    if ! command -v apt-get > /dev/null; then
        echo "not installed, because this is not Debian: $*" >&2
        return 0
    fi
    step "installing $*"
    if [ -z "${lists_are_new:-}" ]; then
        "${root[@]}" apt-get update -qq
        lists_are_new=yes
    fi
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" > /dev/null
}

need_chromium() {
    if ! command -v chromium > /dev/null || ! command -v chromedriver > /dev/null; then
        install chromium chromium-driver fonts-liberation
    fi
}

# Chromium, Firefox and WebKitGTK. WebKitGTK needs a screen, and a library that tells it of host names.
install_browsers() {
    local missing=() program
    for program in chromium chromedriver:chromium-driver firefox-esr WebKitWebDriver:webkit2gtk-driver Xvfb:xvfb; do
        command -v "${program%:*}" > /dev/null || missing+=("${program#*:}")
    done
    find_hosts_library || missing+=(libnss-wrapper)
    [ ${#missing[@]} -eq 0 ] || install "${missing[@]}" fonts-liberation
}

find_hosts_library() { compgen -G '/usr/lib*/*/libnss_wrapper.so' > /dev/null; }

need_browsers() {
    install_browsers
    command -v chromium > /dev/null && command -v chromedriver > /dev/null ||
        leave_site_out single-page "Chromium cannot be installed"
    command -v firefox-esr > /dev/null || leave_out FIREFOX "Firefox cannot be installed"
    if ! command -v WebKitWebDriver > /dev/null || ! command -v Xvfb > /dev/null || ! find_hosts_library; then
        leave_out WEBKIT "WebKitGTK cannot be installed"
    fi
}

# PHP for the site of examples/sites/ that is written in it.
need_php() {
    compgen -G '/usr/sbin/php-fpm*' > /dev/null || install_stopped php-fpm
    compgen -G '/usr/sbin/php-fpm*' > /dev/null || leave_site_out nginx-php "php-fpm cannot be installed"
}

# What the sites that ask by OpenID Connect need: Apache's module, and a library that tells programs of host names.
need_openidc() {
    find_hosts_library || install libnss-wrapper
    [ -e /usr/lib/apache2/modules/mod_auth_openidc.so ] || install_stopped libapache2-mod-auth-openidc
    [ -e /usr/lib/apache2/modules/mod_auth_openidc.so ] || leave_site_out apache-oidc "mod_auth_openidc cannot be installed"
    find_hosts_library || leave_site_out "apache-oidc express django flask command-line" "nss_wrapper cannot be installed"
}

# openid-client does not run on Debian 12's own Node.
need_node() {
    if ! command -v node > /dev/null || ! command -v npm > /dev/null; then
        install nodejs npm
    fi
    command -v npm > /dev/null || leave_site_out single-page "npm cannot be installed"
    command -v npm > /dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' ||
        leave_site_out express "Node 20 cannot be installed"
}

need_venv() {
    python3 -c 'import ensurepip, venv' 2> /dev/null || install python3-venv
    python3 -c 'import ensurepip, venv' 2> /dev/null || leave_site_out "django flask traefik" "python3-venv cannot be installed"
}

# A site of examples/sites/ that cannot be tried here: not in CI, where all of them count.
leave_site_out() {
    echo "$2, so it is not tried in examples/sites/: $1." >&2
    [ "${CI:-}" != true ] || return 1
    export SITES_LEFT_OUT="${SITES_LEFT_OUT:-} $1"
}

# Installs servers without starting them, as Debian does unless this file says no.
install_stopped() {
    local policy=/usr/sbin/policy-rc.d
    if [ "$(id -u)" -eq 0 ] && [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' > "$policy"
        chmod +x "$policy"
        install "$@"
        rm -f "$policy"
    else
        install "$@"
    fi
}

# The proxies of deploy/.
need_proxies() {
    local missing=() package
    for package in nginx:nginx apache:apache2 caddy:caddy haproxy:haproxy varnish:varnishd; do
        PATH=$PATH:/usr/sbin command -v "${package#*:}" > /dev/null || missing+=("${package%:*}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    install_stopped "${missing[@]/apache/apache2}"
    for package in nginx:nginx apache:apache2 caddy:caddy haproxy:haproxy varnish:varnishd; do
        if ! PATH=$PATH:/usr/sbin command -v "${package#*:}" > /dev/null; then
            [ "${CI:-}" != true ] || return 1
            echo "${package%:*} cannot be installed, so deploy/ is not tried with it." >&2
            export PROXIES_LEFT_OUT="${PROXIES_LEFT_OUT:-} ${package%:*}"
        fi
    done
}

need_pgbouncer() {
    PATH=$PATH:/usr/sbin command -v pgbouncer > /dev/null || install_stopped pgbouncer
    PATH=$PATH:/usr/sbin command -v pgbouncer > /dev/null || leave_out PGBOUNCER "PgBouncer cannot be installed"
}

# A reader's spam filter. The tests start it for all mails at once, so that no server of it has to run.
need_spamassassin() {
    command -v spamassassin > /dev/null || install_stopped spamassassin
    command -v spamassassin > /dev/null || leave_out SPAMASSASSIN "SpamAssassin cannot be installed"
}

# Reads the metrics, and knows whether the rules of the alerts are right.
need_prometheus() {
    command -v promtool > /dev/null || install_stopped prometheus
    command -v promtool > /dev/null || leave_out PROMETHEUS "Prometheus cannot be installed"
}

# Knows whether the units of deploy/ are right, and need not be what started the machine.
need_systemd_analyze() {
    command -v systemd-analyze > /dev/null || install systemd
    command -v systemd-analyze > /dev/null || leave_out SYSTEMD "systemd-analyze cannot be installed"
}

# Makes codes as authenticator apps do.
need_oathtool() {
    command -v oathtool > /dev/null || install oathtool
    command -v oathtool > /dev/null || leave_out OATHTOOL "oathtool cannot be installed"
}

# Tests that need what this machine cannot have fail, unless they are told not to: not in CI, where all of them count.
leave_out() {
    echo "$2." >&2
    [ "${CI:-}" != true ] || return 1
    echo "Its tests are left out: VESTIBULE_TEST_WITHOUT_$1=1." >&2
    export "VESTIBULE_TEST_WITHOUT_$1=1"
}

# Uses the server of the database at VESTIBULE_TEST_POSTGRES, else starts one for this run: it keeps nothing for good, so
# that a test's own database is made and dropped several times as fast as on a server that does. Only where none can be
# started is it the one at the usual address.
need_postgres() {
    local usual=postgres://postgres@127.0.0.1:5432/postgres
    [ -z "${VESTIBULE_TEST_POSTGRES:-}" ] || return 0
    local programs
    if ! find_postgres > /dev/null && ! answers "$usual"; then
        install postgresql
    fi
    if programs=$(find_postgres) && start_postgres "$programs"; then
        return 0
    fi
    if answers "$usual"; then
        export VESTIBULE_TEST_POSTGRES=$usual
        return 0
    fi
    leave_out POSTGRES "No PostgreSQL can be had"
}

answers() { command -v psql > /dev/null && psql -w -d "$1" -c 'SELECT 1' > /dev/null 2>&1; }

# Folder of PostgreSQL's own programs, which Debian keeps out of the path.
find_postgres() {
    local folder
    folder=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    if [ ! -x "$folder/initdb" ]; then
        folder=$(dirname "$(command -v initdb || echo /nowhere/initdb)")
    fi
    [ -x "$folder/initdb" ] && echo "$folder"
}

start_postgres() {
    postgres_programs=$1
    postgres_folder=$(mktemp -d)
    postgres_user=()
    if [ "$(id -u)" -eq 0 ]; then
        # PostgreSQL refuses to run as root.
        chown postgres "$postgres_folder"
        postgres_user=(runuser -u postgres --)
    fi
    trap stop_postgres EXIT
    local port
    port=$(free_port)
    step "starting PostgreSQL on port $port"
    in_postgres_folder initdb -D "$postgres_folder/data" -U postgres --auth=trust --encoding=UTF8 --no-sync > /dev/null || return
    local careless="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    in_postgres_folder pg_ctl -D "$postgres_folder/data" -w -l "$postgres_folder/log" \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$postgres_folder $careless" start > /dev/null || return
    export VESTIBULE_TEST_POSTGRES=postgres://postgres@127.0.0.1:$port/postgres
}

in_postgres_folder() {
    local program=$1
    shift
    (cd "$postgres_folder" && "${postgres_user[@]}" "$postgres_programs/$program" "$@")
}

stop_postgres() {
    in_postgres_folder pg_ctl -D "$postgres_folder/data" -m immediate stop > /dev/null 2>&1 || true
    rm -rf "$postgres_folder"
}

free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)); do
        if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
            echo "$port"
            return
        fi
    done
}

# The accessibility checker that the browser tests put into pages: fetched once, checked against its lock file.
fetch_axe() {
    local folder=target/axe-core
    if ! command -v npm > /dev/null; then
        leave_out AXE "npm is missing"
        return
    fi
    if cmp -s tests/browser/axe/package-lock.json "$folder/package-lock.json" && [ -f "$folder/node_modules/axe-core/axe.min.js" ]; then
        return 0
    fi
    step "fetching axe-core"
    mkdir -p "$folder"
    cp tests/browser/axe/package.json tests/browser/axe/package-lock.json "$folder/"
    if ! npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent; then
        rm -f "$folder/package-lock.json"
        leave_out AXE "axe-core cannot be fetched"
    fi
}

# The mail server of the tests, and whatever else they need of Python's packages: each in a folder of its own below
# target/, fetched again when its versions change. Fails, after saying why, where that cannot be had.
fetch_python() {
    local folder=target/$1
    shift
    [ "$(cat "$folder/packages" 2> /dev/null)" != "$*" ] || return 0
    python3 -c 'import ensurepip, venv' 2> /dev/null || install python3 python3-venv
    step "fetching $*"
    rm -rf "$folder"
    mkdir -p target
    if ! python3 -m venv "$folder" || ! "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"; then
        rm -rf "$folder"
        echo "$folder cannot be made: see above" >&2
        return 1
    fi
    echo "$*" > "$folder/packages"
}

fetch_smtp_server() {
    command -v openssl > /dev/null || install openssl
    if ! fetch_python aiosmtpd aiosmtpd==1.4.6; then
        leave_out MAIL_SERVER "The mail server of the tests cannot be fetched"
    fi
}

# A certified provider of OpenID Connect, for signing in with others: fetched once, checked against its lock file.
fetch_oidc_provider() {
    local folder=target/oidc-provider
    if ! command -v npm > /dev/null; then
        leave_out OIDC_PROVIDER "npm is missing"
        return
    fi
    if cmp -s tests/support/oidc_provider/package-lock.json "$folder/package-lock.json" &&
        [ -f "$folder/node_modules/oidc-provider/lib/index.js" ]; then
        return 0
    fi
    step "fetching oidc-provider"
    mkdir -p "$folder"
    cp tests/support/oidc_provider/package.json tests/support/oidc_provider/package-lock.json "$folder/"
    if ! npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent; then
        rm -f "$folder/package-lock.json"
        leave_out OIDC_PROVIDER "oidc-provider cannot be fetched"
    fi
}

fetch_authenticator() {
    if ! fetch_python soft-webauthn soft-webauthn==0.1.4 fido2==1.2.0; then
        leave_out SOFT_WEBAUTHN "The authenticator of the tests cannot be fetched"
    fi
}

# The client library of the convention for webhooks, and what holds a message against its schema.
fetch_standard_webhooks() {
    if ! fetch_python standardwebhooks standardwebhooks==1.1.0 jsonschema==4.26.0; then
        leave_out STANDARD_WEBHOOKS "The client library for webhooks cannot be fetched"
    fi
}

# Other products, which tests/support/sources fills with people who then move here.
fetch_sources() {
    fetch_django || leave_out DJANGO "Django cannot be fetched"
    fetch_source_of_npm better-auth tests/support/sources/better_auth || leave_out BETTER_AUTH "better-auth cannot be fetched"
    fetch_wordpress || leave_out WORDPRESS "WordPress cannot be fetched"
}

# Checked against the hashes of the requirements. Django 6 does not run on Debian 12's own Python.
fetch_django() {
    local folder=target/sources/django wanted=tests/support/sources/django/requirements.txt python
    if cmp -s "$wanted" "$folder/requirements.txt" && [ -x "$folder/bin/python" ]; then
        return 0
    fi
    python=$(find_python_3_12) || { echo "Python 3.12 or later is missing" >&2; return 1; }
    step "fetching Django and django-allauth"
    rm -rf "$folder"
    if ! "$python" -m venv "$folder" ||
        ! "$folder/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$wanted"; then
        rm -rf "$folder"
        return 1
    fi
    cp "$wanted" "$folder/"
}

# The first one of the path, or of pyenv, whose programs in the path answer only where one of its versions is chosen.
find_python_3_12() {
    local python
    for python in python3 python3.14 python3.13 python3.12 "$HOME"/.pyenv/versions/3.1[2-9]*/bin/python3; do
        if "$python" -c 'import ensurepip, sqlite3, sys, venv; sys.exit(sys.version_info < (3, 12))' 2> /dev/null; then
            echo "$python"
            return 0
        fi
    done
    return 1
}

# A folder of target/sources with what the lock file of another folder names.
fetch_source_of_npm() {
    local folder=target/sources/$1 wanted=$2
    command -v npm > /dev/null || { echo "npm is missing" >&2; return 1; }
    if cmp -s "$wanted/package-lock.json" "$folder/package-lock.json" && [ -d "$folder/node_modules" ]; then
        return 0
    fi
    step "fetching what $1 is made of"
    mkdir -p "$folder"
    cp "$wanted/package.json" "$wanted/package-lock.json" "$folder/"
    if ! npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent; then
        rm -f "$folder/package-lock.json"
        return 1
    fi
}

# npm has PHP in WebAssembly and what joins WordPress to SQLite, but of WordPress itself nothing later than 6.5, which hashed
# passwords otherwise. Debian 13 has 6.8, and keeps it.
fetch_wordpress() {
    local folder=target/sources/wordpress
    fetch_source_of_npm wordpress tests/support/sources/wordpress || return
    [ ! -s "$folder/wordpress.zip" ] || return 0
    command -v dpkg-deb > /dev/null || { echo "this is not Debian" >&2; return 1; }
    step "fetching WordPress"
    local debian
    debian=$(mktemp -d)
    if download_of_debian trixie wordpress "$debian" && dpkg-deb -x "$debian"/wordpress_*.deb "$debian/root"; then
        # What is left out are links: to libraries of JavaScript, and to settings of this machine.
        find "$debian/root/usr/share/wordpress" -type l -delete
        rm -f "$debian/root/usr/share/wordpress/wp-config.php"
        (cd "$debian/root/usr/share" && python3 -m zipfile -c "$debian/wordpress.zip" wordpress) &&
            mv "$debian/wordpress.zip" "$folder/wordpress.zip"
    fi
    rm -rf "$debian"
    [ -s "$folder/wordpress.zip" ]
}

# Downloads a package of another release of Debian into a folder, from where this machine has its own, and checks it against
# the key of the archive. The machine's own lists stay as they are.
download_of_debian() {
    local release=$1 package=$2 folder=$3 archive
    archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main')
    archive=$(grep -m 1 '/debian/$' <<< "$archive") || return
    mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $release main" > "$folder/sources.list"
    local options=(-qq -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o Acquire::Languages=none -o APT::Sandbox::User=root
        -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
    apt-get "${options[@]}" update && (cd "$folder" && apt-get "${options[@]}" download "$package")
}
