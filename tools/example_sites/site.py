"""A site of examples/sites/ with Vestibule and whatever else it needs, on this machine."""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "examples/sites"
# What the sites are made of, from one run to the next.
KEPT = ROOT / "target/sites"
# At the top of a file: a setting of Vestibule's that belongs to it.
SETTING = re.compile(r"^(?:#|//)   (\w+ = .*)$", re.M)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(what, is_so):
    for _ in range(200):
        try:
            return is_so()
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"not so: {what}")


def wait_for(port):
    wait_until(f"somebody listens on port {port}", lambda: socket.create_connection(("127.0.0.1", port), 1).close())


def changed(file, changes):
    text = (EXAMPLES / file).read_text()
    for old, new in changes.items():
        assert old in text, f"{file} has no {old!r}"
        text = text.replace(old, new)
    return text


def fetched(name, packages, commands):
    """The folder with the packages of a site. They are fetched again when the file that lists them, `packages`, is another."""
    folder, wanted = KEPT / name, packages.read_text()
    done = folder / "done"
    if not done.exists() or done.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / packages.name).write_text(wanted)
        for command in commands:
            got = subprocess.run(command.split(), cwd=folder, capture_output=True, text=True)
            assert got.returncode == 0, f"{command}: {got.stdout[-1000:]}{got.stderr[-1000:]}"
        done.write_text(wanted)
    return folder


def fetched_by_pip(name, packages):
    venv = [f"{sys.executable} -m venv .", f"bin/pip install --quiet --disable-pip-version-check -r {packages.name}"]
    return fetched(name, packages, venv)


def fetched_by_npm(name):
    packages = EXAMPLES / name / "package.json"
    return fetched(name, packages, ["npm install --ignore-scripts --no-package-lock --no-audit --no-fund"])


class Site:
    """A site with its programs in a folder of its own, on free ports."""

    def __init__(self, program, folder):
        self.program, self.folder, self.running = program, folder, []
        self.vestibule, self.proxy = free_port(), free_port()

    def start(self, *command, port=None, said=None, **how):
        log = open(self.folder / "log", "ab")
        # A group of its own: most of them have children that do not end with them.
        process = subprocess.Popen(command, stdout=said or log, stderr=said or log, start_new_session=True, **how)
        self.running.append(process)
        if port:
            wait_for(port)
        return process

    def stop(self, *processes):
        for process in processes or [*self.running]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)
            self.running.remove(process)

    def settings(self, *files, more=(), env={}):
        """Starts Vestibule with the settings that stand at the top of the proxy's file, and of others."""
        lines = [setting for file in files for setting in SETTING.findall(changed(file, self.ports_of(file)))]
        lines += more
        assert any(line.startswith("public_url") for line in lines), lines
        folder = self.folder / "vestibule"
        folder.mkdir()
        (folder / "Rocket.toml").write_text("\n".join(["[default]", f"port = {self.vestibule}", *lines, ""]))
        self.server = self.start(self.program, cwd=folder, env={"PATH": os.environ["PATH"], **env}, port=self.vestibule)

    def ports_of(self, file):
        """What becomes of addresses in the file, because they have another port here."""
        return {}

    def written(self, file, changes, around="{}"):
        path = self.folder / pathlib.Path(file).name
        path.write_text(around.replace("{}", changed(file, changes), 1))
        return str(path)

    def caddy(self, file):
        home = {name: str(self.folder) for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"]}
        self.start("caddy", "run", "--adapter", "caddyfile", "--config", file, env={**os.environ, **home}, port=self.proxy)

    def certificate(self, *hosts):
        self.pem, key = self.folder / "tls.pem", self.folder / "tls.key"
        names = ",".join(f"DNS:{host}" for host in hosts)
        command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={hosts[0]} -addext subjectAltName={names}"
        subprocess.run([*command.split(), "-keyout", key, "-out", self.pem], check=True, capture_output=True)
        return str(self.pem), str(key)


class Client(Site):
    """A site on another domain, which asks by OpenID Connect. Its own programs have to find both hosts at the proxy: a
    library tells them of the names, and every address has the port. One that is `told` signs out with Vestibule."""

    told = False

    def __init__(self, program, folder):
        super().__init__(program, folder)
        self.origin, self.accounts = (f"https://{host}:{self.proxy}" for host in ["www.example.net", "accounts.example.org"])
        self.front, self.members = self.origin + "/", self.origin + self.guarded
        self.ports = {"https://www.example.net": self.origin, "https://accounts.example.org": self.accounts}
        hosts = folder / "hosts"
        hosts.write_text("127.0.0.1 www.example.net accounts.example.org\n")
        self.known_hosts = {"LD_PRELOAD": "libnss_wrapper.so", "NSS_WRAPPER_HOSTS": str(hosts)}
        self.names = {**os.environ, **self.known_hosts}
        self.certificate("www.example.net", "accounts.example.org")

    def client(self, file):
        """Makes the client as the top of the site's file says."""
        line = re.search(r"^\W*vestibule (client create .*)", changed(file, self.ports_of(file)), re.M).group(1)
        self.permitted = "--first-party" in line
        made = subprocess.run([self.program, *line.split()], cwd=self.folder / "vestibule", env={"PATH": os.environ["PATH"]},
                              check=True, capture_output=True, text=True)
        return dict(word.split("=", 1) for word in made.stdout.split())

    def environment(self, client, **more):
        return {**self.names, **{name.upper(): value for name, value in client.items()}, **more}

    def ports_of(self, file):
        text = (EXAMPLES / file).read_text()
        return {old: new for old, new in self.ports.items() if old in text}

    def behind_caddy(self, site):
        """Both hosts at one port. `site` is what Caddy does for the site's own."""
        changes = {"127.0.0.1:8000": f"127.0.0.1:{self.vestibule}", "accounts.example.org {": self.at_caddy(self.accounts)}
        around = "{\n\tadmin off\n\tauto_https off\n}\n{}" + f"\n{self.at_caddy(self.origin)}\n\t{site}\n}}\n"
        self.caddy(self.written("../../deploy/Caddyfile", changes, around))

    def at_caddy(self, origin):
        return f"{origin} {{\n\ttls {self.pem} {self.folder}/tls.key"
