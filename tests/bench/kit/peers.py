# SPDX-License-Identifier: MIT
"""What a user might take instead, written for this comparison as one honestly would: the same
schema, the same nginx, connections and prepared statements kept. A peer takes part when its
packages are there."""
import glob
import os
import pathlib
import shutil
import subprocess

from stack import env
from stack.mariadb import APP_PASSWORD, APP_USER

from . import load, report

FOLDER = pathlib.Path(__file__).parents[1] / "peers"
CONNECTIONS = 8  # of each to the database
CACHE = env.BUILD / "peers"


def _environment(schema, socket):
    return {
        **os.environ,
        "PEER_SOCKET": str(socket),
        "PEER_DB_SOCKET": str(schema.database.server.socket),
        "PEER_DB_NAME": schema.name,
        "PEER_DB_USER": APP_USER,
        "PEER_DB_PASSWORD": APP_PASSWORD,
        "PEER_CONNECTIONS": str(CONNECTIONS),
        "PEER_WORKERS": str(os.cpu_count()),
    }


def _start(stack, name, command, environment, socket, **options):
    process = stack.keep(env.Process(name, command, stack.folder / f"{name}.log",
                                     env=environment, **options))
    process.await_live(lambda: env.accepts(socket))
    return process


def _add_proxy(nginx, name, socket):
    return nginx.add(f"        proxy_pass http://{name};\n        proxy_http_version 1.1;\n"
                     '        proxy_set_header Connection "";',
                     f"upstream {name} {{ server unix:{socket}; keepalive 32; }}")


def _php(stack, schema, nginx):
    found = sorted(glob.glob("/usr/sbin/php-fpm*"))
    if not found:
        return "php-fpm"
    socket = stack.folder / "php.sock"
    environment = _environment(schema, socket)
    config = stack.folder / "php-fpm.conf"
    config.write_text(
        "[global]\ndaemonize = no\nerror_log = /dev/stderr\n"
        f"[peer]\nlisten = {socket}\nlisten.mode = 0666\nlisten.backlog = 511\n"
        f"{'user = root' if os.geteuid() == 0 else ''}\npm = static\n"
        f"pm.max_children = {CONNECTIONS}\nclear_env = no\n")
    as_root = ["--allow-to-run-as-root"] if os.geteuid() == 0 else []
    process = _start(stack, "php", [found[-1], "-F", "-y", str(config), *as_root,
                                    "-d", "opcache.enable=1",
                                    "-d", "opcache.validate_timestamps=0"], environment, socket)
    port = nginx.add("        include /etc/nginx/fastcgi_params;\n"
                     f"        fastcgi_param SCRIPT_FILENAME {FOLDER}/php/index.php;\n"
                     f"        fastcgi_pass unix:{socket};")
    return port, process.pid


def _node(stack, schema, nginx):
    if not shutil.which("npm") or not shutil.which("node"):
        return "npm"
    place = CACHE / "node"
    place.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc", "server.mjs"):
        shutil.copy(FOLDER / "node" / name, place)
    lock = place / "node_modules/.package-lock.json"
    wanted = FOLDER / "node/package-lock.json"
    if not lock.exists() or lock.stat().st_mtime < wanted.stat().st_mtime:
        if not stack.options.peers:
            return "its packages: ./dev bench --peers fetches them"
        subprocess.run(["npm", "ci", "--silent"], cwd=place, check=True)
    socket = stack.folder / "node.sock"
    process = _start(stack, "node", ["node", "server.mjs"],
                     {**_environment(schema, socket), "NODE_ENV": "production"}, socket, cwd=place)
    return _add_proxy(nginx, "node", socket), process.pid


def _go(stack, schema, nginx):
    library = pathlib.Path("/usr/share/gocode/src/github.com/go-sql-driver/mysql")
    if not shutil.which("go") or not library.exists():
        return "golang-go, golang-github-go-sql-driver-mysql-dev"
    CACHE.mkdir(parents=True, exist_ok=True)
    binary = CACHE / "go-peer"
    subprocess.run(
        ["go", "build", "-o", str(binary), str(FOLDER / "go/main.go")], check=True,
        env={**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode",
             "GOCACHE": str(CACHE / "go-cache"), "GOFLAGS": ""})
    socket = stack.folder / "go.sock"
    process = _start(stack, "go", [str(binary)], _environment(schema, socket), socket)
    return _add_proxy(nginx, "go", socket), process.pid


def start(stack, schema, nginx):
    """{name: (port, pid)} of those whose packages are there; says which are missing."""
    running = {}
    for name, begin in (("PHP-FPM", _php), ("Node", _node), ("Go", _go)):
        found = begin(stack, schema, nginx)
        if isinstance(found, str):
            print(f"{name} does not take part; it needs {found}")
        else:
            running[name] = found
    return running


def goals(samples, what, wanted):
    for name, times in wanted.items():
        if name in samples:
            report.goal(f"{what} against {name}, cap ratio",
                        load.ratio(samples, "ours", name, "cap"), times)
