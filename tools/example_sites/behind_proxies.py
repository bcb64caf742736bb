"""Sites whose proxy asks who is signed in (`GET /user/session`)."""

import glob
import os
import shutil
import subprocess
import sys

from .site import EXAMPLES, ROOT, Site, fetched_by_pip, free_port, wait_until
from .visitor import ask_as_written


class NginxPhp(Site):
    programs, front, members = ["nginx", "php-fpm*"], "https://shop.example.org/", "https://shop.example.org/members/"
    accounts = "https://accounts.example.org"

    def open(self):
        self.settings("nginx-php/nginx.conf")
        # PHP runs as somebody who may not read the folder of the project.
        shop = shutil.copytree(EXAMPLES / "nginx-php", self.folder / "shop")
        root = "root" if os.getuid() == 0 else "nobody"
        php = sorted(glob.glob("/usr/sbin/php-fpm*"))[-1]
        sock = self.folder / "php.sock"
        pool = f"[global]\nerror_log = {self.folder}/php.log\n[www]\nlisten = {sock}\nlisten.mode = 0666\npm = static\npm.max_children = 2\n"
        pool += "user = nobody\ngroup = nogroup\n" if os.getuid() == 0 else ""
        (self.folder / "fpm.conf").write_text(pool)
        self.start(php, "-F", "-n", "-y", self.folder / "fpm.conf")
        wait_until("PHP has its socket", sock.stat)
        pem, key = self.certificate("shop.example.org", "accounts.example.org")
        both = {"listen 443": f"listen {self.proxy}", "127.0.0.1:8000": f"127.0.0.1:{self.vestibule}"}
        tls = lambda host: {f"/etc/ssl/certs/{host}.pem": pem, f"/etc/ssl/private/{host}.key": key}
        self.written("../../deploy/nginx.conf", {**both, **tls("accounts.example.org")})
        (self.folder / "nginx.conf").rename(self.folder / "accounts.conf")
        temporary = " ".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in
                             ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        around = f"daemon off; pid {self.folder}/pid; error_log stderr; user {root};\nevents {{ }}\nhttp {{ access_log off;\n" \
                 f"{temporary}\ninclude {self.folder}/accounts.conf;\n" "{}\n}\n"
        changes = {**both, **tls("shop.example.org"), "/srv/shop": str(shop),
                   "unix:/run/php/php-fpm.sock": f"unix:{sock}", "include fastcgi_params": "include /etc/nginx/fastcgi_params"}
        self.start("nginx", "-e", "stderr", "-c", self.written("nginx-php/nginx.conf", changes, around), port=self.proxy)


class BelowAPath(Site):
    """A site in Python that has Vestibule below a path of its host."""
    front, members = "https://www.example.org/", "https://www.example.org/members/"
    accounts = "https://www.example.org/account"

    def begin(self, file):
        """Starts both, and returns what their ports are in the proxy's files."""
        self.settings(file)
        port = free_port()
        self.start(sys.executable, EXAMPLES / "caddy-python/site.py", str(port), port=port)
        return {"127.0.0.1:8000": f"127.0.0.1:{self.vestibule}", "127.0.0.1:8001": f"127.0.0.1:{port}"}


class CaddyPython(BelowAPath):
    programs = ["caddy"]

    def open(self):
        file = "caddy-python/Caddyfile"
        ports = self.begin(file)
        pem, key = self.certificate("www.example.org")
        changes = {**ports, "www.example.org {": f"https://www.example.org:{self.proxy} {{\n\ttls {pem} {key}"}
        self.caddy(self.written(file, changes, "{\n\tadmin off\n\tauto_https off\n}\n{}"))


class Haproxy(BelowAPath):
    programs = ["haproxy"]

    def open(self):
        file, script = "haproxy/haproxy.cfg", "haproxy/members.lua"
        ports = self.begin(file)
        pem, key = self.certificate("www.example.org")
        both = self.folder / "both.pem"
        both.write_bytes(b"".join(open(part, "rb").read() for part in [pem, key]))
        vestibule = "127.0.0.1:8000"
        changes = {**ports, ":443": f"127.0.0.1:{self.proxy}", "/etc/haproxy/certs/www.example.org.pem": str(both),
                   "/etc/haproxy/members.lua": self.written(script, {vestibule: ports[vestibule]})}
        self.start("haproxy", "-f", self.written(file, changes), port=self.proxy)


class Traefik(BelowAPath):
    programs = []

    def open(self):
        # Not of Traefik's own makers, but the program of theirs.
        packages = fetched_by_pip("traefik", ROOT / "tools/example_sites/traefik.txt")
        file = "traefik/traefik.yml"
        ports = self.begin(file)
        pem, key = self.certificate("www.example.org")
        certificate = {"/etc/ssl/certs/www.example.org.pem": pem, "/etc/ssl/private/www.example.org.key": key}
        changes = {":443": f"127.0.0.1:{self.proxy}", "/etc/traefik/site.yml": self.written("traefik/site.yml", {**ports, **certificate})}
        # It asks nobody whether there is a newer one.
        around = "global:\n  checkNewVersion: false\n{}"
        self.start(packages / "bin/traefik", f"--configFile={self.written(file, changes, around)}", port=self.proxy)
        # It listens before it has read site.yml.
        wait_until("Traefik has its certificate", lambda: ask_as_written(self, "/", {}))
