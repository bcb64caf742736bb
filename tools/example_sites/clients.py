"""Sites and programs that ask who is signed in by OpenID Connect."""

import shutil
import subprocess
import sys

from .site import EXAMPLES, Client, fetched_by_npm, fetched_by_pip, free_port


class ApacheOidc(Client):
    programs, guarded, refused = ["apache2", "mod_auth_openidc.so", "libnss_wrapper.so"], "/members/", "Not signed in"
    told = True

    def open(self):
        self.settings("../../deploy/apache.conf", more=[f'outbound = {{ ca_file = "{self.pem}" }}'], env=self.known_hosts)
        file = "apache-oidc/apache.conf"
        client = self.client(file)
        # Apache runs as somebody who may not read the folder of the project.
        wiki = shutil.copytree(EXAMPLES / "apache-oidc", self.folder / "wiki")
        page = wiki / "members/index.shtml"
        page.write_text(page.read_text().replace("www.example.net", f"www.example.net%3A{self.proxy}"))
        tls = lambda host: {f"/etc/ssl/certs/{host}.pem": str(self.pem), f"/etc/ssl/private/{host}.key": f"{self.folder}/tls.key"}
        at = {"*:443": f"*:{self.proxy}"}
        changes = {**at, **tls("accounts.example.org"), "127.0.0.1:8000": f"127.0.0.1:{self.vestibule}"}
        self.written("../../deploy/apache.conf", changes)
        (self.folder / "apache.conf").rename(self.folder / "accounts.conf")
        modules = "mpm_event authz_core authz_user authn_core auth_openidc dir headers include mime proxy proxy_http rewrite " \
                  "socache_shmcb ssl"
        loads = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in modules.split())
        around = f"ServerRoot {self.folder}\nServerName www.example.net\nPidFile pid\nErrorLog log\nMutex file:{self.folder}\n" \
                 f"Listen 127.0.0.1:{self.proxy}\n{loads}\nTypesConfig /etc/mime.types\nOIDCCABundlePath {self.pem}\n" \
                 f"<IfModule unixd_module>\nUser nobody\nGroup nogroup\n</IfModule>\n{{}}\nInclude accounts.conf\n"
        changes = {**at, **tls("www.example.net"), **self.ports_of(file), "/srv/wiki": str(wiki), "PASSPHRASE": "passphrase",
                   "OIDCClientID CLIENT_ID": f"OIDCClientID {client['client_id']}",
                   "OIDCClientSecret CLIENT_SECRET": f"OIDCClientSecret {client['client_secret']}"}
        self.start("apache2", "-f", self.written(file, changes, around), "-D", "FOREGROUND", env=self.names, port=self.proxy)


class Express(Client):
    programs, guarded, refused = ["caddy", "node", "npm", "libnss_wrapper.so"], "/members", "Not signed in"

    def open(self):
        self.settings("../../deploy/Caddyfile")
        packages = fetched_by_npm("express")
        for name in ["package.json", "node_modules"]:
            (self.folder / name).symlink_to(packages / name)
        file, port = "express/site.js", free_port()
        environment = self.environment(self.client(file), SESSION_SECRET="secret", PORT=str(port), NODE_EXTRA_CA_CERTS=str(self.pem))
        self.behind_caddy(f"reverse_proxy 127.0.0.1:{port}")
        self.start("node", self.written(file, self.ports_of(file)), env=environment, port=port)


class Django(Client):
    programs, guarded, refused = ["caddy", "libnss_wrapper.so"], "/members/", "Login Cancelled"

    def open(self):
        self.settings("../../deploy/Caddyfile")
        packages = fetched_by_pip("django", EXAMPLES / "django/requirements.txt")
        file, port = "django/settings.py", free_port()
        environment = self.environment(self.client(file), SECRET_KEY="secret", DJANGO_SETTINGS_MODULE="settings",
                                       REQUESTS_CA_BUNDLE=str(self.pem))
        self.written(file, self.ports_of(file))
        shutil.copy(EXAMPLES / "django/urls.py", self.folder)
        python, how = packages / "bin/python", {"cwd": self.folder, "env": environment}
        subprocess.run([python, "-m", "django", "migrate"], check=True, capture_output=True, **how)
        self.behind_caddy(f"reverse_proxy 127.0.0.1:{port}")
        self.start(packages / "bin/gunicorn", "--bind", f"127.0.0.1:{port}", "django.core.wsgi:get_wsgi_application()", port=port, **how)


class Flask(Client):
    programs, guarded, refused = ["caddy", "libnss_wrapper.so"], "/members", "Not signed in"

    def open(self):
        self.settings("../../deploy/Caddyfile")
        packages = fetched_by_pip("flask", EXAMPLES / "flask/requirements.txt")
        file, port = "flask/app.py", free_port()
        environment = self.environment(self.client(file), SECRET_KEY="secret", REQUESTS_CA_BUNDLE=str(self.pem))
        self.written(file, self.ports_of(file))
        self.behind_caddy(f"reverse_proxy 127.0.0.1:{port}")
        self.start(packages / "bin/gunicorn", "--bind", f"127.0.0.1:{port}", "app:app", port=port, cwd=self.folder, env=environment)


class SinglePage(Client):
    programs, guarded = ["caddy", "npm", "chromium", "chromedriver"], "/#members"

    def open(self):
        self.settings("../../deploy/Caddyfile", "single-page/app.js")
        packages = fetched_by_npm("single-page")
        page, script = "single-page/index.html", "single-page/app.js"
        client = self.client(script)
        self.written(page, self.ports_of(page))
        self.written(script, {**self.ports_of(script), '"CLIENT_ID"': f'"{client["client_id"]}"'})
        (self.folder / "node_modules").symlink_to(packages / "node_modules")
        self.behind_caddy(f"root * {self.folder}\n\tfile_server")


class CommandLine(Client):
    programs, guarded = ["caddy", "libnss_wrapper.so"], "/"

    def open(self):
        self.settings("../../deploy/Caddyfile")
        self.file = "command-line/whoami.py"
        self.known = self.environment(self.client(self.file), SSL_CERT_FILE=str(self.pem))
        self.behind_caddy("respond 404")

    def begin(self, changes={}):
        """Starts the program, and returns it with what it says first."""
        command = [sys.executable, self.written(self.file, {**self.ports_of(self.file), **changes})]
        program = self.start(*command, env=self.known, said=subprocess.PIPE, text=True)
        return program, program.stdout.readline()
