#!/usr/bin/env bash
# listenfd 1.0.2: `take_tcp_listener` looks whether the file that a supervisor handed over is a socket of the right family and a
# stream, and not whether it listens. A connection, which systemd hands over with `Accept=yes`, is taken for a listener: the mistake
# shows at the first `accept`, again and again in a loop that goes on after errors. A `LISTEN_FDS` that is no number is the same as
# none, so a server binds its own address in silence.
# Guessed before: an error at once in both cases, as for a file that is no socket, and as sd_listen_fds(3) answers.
#
# Seen: Ok for the connection, whose accept fails with EINVAL; no file, and no error, for LISTEN_FDS=one.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "handed"
version = "0.0.0"
edition = "2021"

[dependencies]
listenfd = "=1.0.2"
TOML
cat > src/main.rs <<'RUST'
fn main() {
    let mut handed = listenfd::ListenFd::from_env();
    match handed.take_tcp_listener(0) {
        Ok(Some(listener)) => println!("taken, accept: {:?}", listener.accept().map(drop).map_err(|error| error.kind())),
        Ok(None) => println!("nothing was handed over"),
        Err(error) => println!("refused: {:?}", error.kind()),
    }
}
RUST
cargo build --quiet
cat > hand.py <<'PYTHON'
import socket
import subprocess

listener = socket.create_server(("127.0.0.1", 0))
connection = socket.create_connection(listener.getsockname())


def handed(file, count):
    """What the program says that gets `file` as the first one of a supervisor."""
    script = f"exec 3<&0; LISTEN_PID=$$ LISTEN_FDS={count} exec target/debug/handed"
    return subprocess.run(["sh", "-c", script], stdin=file, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


with open("/dev/null") as nothing:
    said = {"no socket": handed(nothing, 1), "a connection": handed(connection, 1), "LISTEN_FDS=one": handed(connection, "one")}
for what, became in said.items():
    print(f"{what}: {became}")
assert said == {
    "no socket": "refused: InvalidInput",
    "a connection": "taken, accept: Err(InvalidInput)",
    "LISTEN_FDS=one": "nothing was handed over",
}
PYTHON
python3 hand.py
