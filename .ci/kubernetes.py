"""Holds config/kubernetes against the schemas of Kubernetes, and its words against the program.

    kubernetes.py RIVIERA

Run with the Python of a virtual environment that has kubernetes-validate (.ci/check-config makes one).
Every command line of the manifests is run, with and without the lines that are commented out; no cluster is needed.
"""

import json
import os
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import kubernetes_validate
import yaml

riviera = sys.argv[1]
root = pathlib.Path(__file__).resolve().parent.parent / "config/kubernetes"
# The oldest release that has all that the manifests use, and the newest that has a schema.
versions = ["1.30", kubernetes_validate.latest_version()]


def check(what, holds):
    print(f"{'pass ' if holds else 'FAIL '} {what}", flush=True)
    check.failed += not holds


check.failed = 0


def containers(resource):
    template = resource.get("spec", {}).get("template")
    return (template["spec"]["containers"], template["spec"]) if template else ([], {})


# --- the schemas


def validate(resource, what):
    for version in versions:
        try:
            kubernetes_validate.validate(resource, version, strict=True)
            message = ""
        except kubernetes_validate.ValidationError as error:
            message = f": {error.message}"
        check(f"{resource['kind']}{what} is one of Kubernetes {version}{message}", not message)


def secured(text):
    """With the lines that have a comment sign and no space after it."""
    return re.sub(r"^( *)#(?=[^ #\n])", r"\1", text, flags=re.M)


resources, secure = {}, {}
for path in sorted(root.glob("*/*.yaml")):
    text = path.read_text()
    for resource in yaml.safe_load_all(text):
        resources[resource["kind"]] = resource
        validate(resource, "")
    if secured(text) != text:
        for resource in yaml.safe_load_all(secured(text)):
            secure[resource["kind"]] = resource

# --- one manifest's names in another

deployment, service, config = (resources[kind] for kind in ("Deployment", "Service", "ConfigMap"))
labels = deployment["spec"]["template"]["metadata"]["labels"]
ports = {port["name"]: port["containerPort"] for port in containers(deployment)[0][0]["ports"]}
for kind, selector in {
    "Deployment": deployment["spec"]["selector"]["matchLabels"],
    "Service": service["spec"]["selector"],
    "PodDisruptionBudget": resources["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
    "NetworkPolicy": resources["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
}.items():
    check(f"{kind} selects the pods", selector.items() <= labels.items())
scaler = resources["HorizontalPodAutoscaler"]["spec"]
target = scaler["scaleTargetRef"]
check("the autoscaler scales the Deployment", (target["kind"], target["name"]) == ("Deployment", deployment["metadata"]["name"]))
check("the Service's port is the container's", service["spec"]["ports"][0]["targetPort"] in ports)
check("the policy's port is the container's", resources["NetworkPolicy"]["spec"]["ingress"][0]["ports"][0]["port"] in ports)

for resource in resources.values():
    for container in containers(resource)[0]:
        pod = containers(resource)[1]
        name, context = f"{resource['kind']}/{container['name']}", container["securityContext"]
        check(f"{name} runs as another than root", pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] > 0)
        check(f"{name} has a read-only root and no capabilities", context["readOnlyRootFilesystem"] and context["capabilities"] == {"drop": ["ALL"]})
        # A Service called riviera would set RIVIERA_PORT and the like, which the program refuses.
        check(f"{name} has no environment of services", pod["enableServiceLinks"] is False)

# --- the Deployment's command line, with the ConfigMap's file

with tempfile.TemporaryDirectory() as folder:
    container = containers(deployment)[0][0]
    for name, text in config["data"].items():
        settings = json.loads(text)
        check(f"{name} has the container's port", settings["http"]["port"] == ports["http"])
        # The one thing that is changed: this machine may have another at that port.
        settings["http"] |= {"port": 0, "host": "127.0.0.1"}
        pathlib.Path(folder, name).write_text(json.dumps(settings))
    mount = container["volumeMounts"][0]["mountPath"]
    arguments = [argument.replace(mount, folder) for argument in container["args"]]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RIVIERA_")}
    server = subprocess.Popen([riviera, *arguments], stderr=subprocess.PIPE, text=True, env=environment)
    try:
        # The log is JSON, one object a line.
        log = iter(server.stderr.readline, "")
        address = next((entry["address"] for entry in map(json.loads, log) if "listening" in entry.values()), None)
        check("the Deployment's server listens", address is not None)
        for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
            probe = container[kind]["httpGet"]
            check(f"{kind} asks at a port that there is", probe["port"] in ports)
            status = None
            for _ in range(100):
                try:
                    status = urllib.request.urlopen(address + probe["path"], timeout=5).status
                    break
                except OSError:
                    time.sleep(0.1)
            check(f"{kind} is answered with 200", status == 200)
        metrics = urllib.request.urlopen(address + "/metrics", timeout=5).read().decode()
        wanted = [metric["pods"]["metric"]["name"] for metric in scaler["metrics"] if metric["type"] == "Pods"]
        adapter = yaml.safe_load((root / "prometheus-adapter.yaml").read_text())
        rules = {rule["name"]["as"]: re.match(r"\w+", rule["seriesQuery"])[0] for rule in adapter["rules"]["custom"]}
        for metric in wanted:
            check(f"{metric} is a metric of the server, which a rule of the adapter hands on", re.search(rf"^{rules.get(metric)} ", metrics, re.M))
    finally:
        server.terminate()
        check("the Deployment's server ends with status 0", server.wait(timeout=30) == 0)
    grace = deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    needed = container["lifecycle"]["preStop"]["sleep"]["seconds"] + settings["http"]["grace_period"] + 3
    check(f"the pod has {needed} s and more to end", grace > needed)

# --- HTTPS, tokens and clients' certificates: the lines that are commented out


def server_certificate(folder, name):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.crt"],
        check=True, capture_output=True)


def status(url, fields={}):
    # The server's certificate is made on the spot, and is not what is looked at.
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    for _ in range(100):
        try:
            return urllib.request.urlopen(urllib.request.Request(url, headers=fields), timeout=5, context=anybody).status
        except urllib.error.HTTPError as error:
            if error.code != 503:
                return error.code
        except OSError:
            pass
        time.sleep(0.1)
    return None


check("the Service of HTTPS has the container's port", secure["Service"]["spec"]["ports"][-1]["targetPort"] in ports)
validate(secure["Service"], " of HTTPS")
for asks_clients in (False, True):
    what = " of clients' certificates" if asks_clients else " of HTTPS"
    deployment = yaml.safe_load(secured((root / "service/deployment.yaml").read_text()))
    container, pod = containers(deployment)[0][0], containers(deployment)[1]
    for_clients = {"client-ca", "run"}
    probes = [container[kind] for kind in ("startupProbe", "readinessProbe", "livenessProbe")]
    for probe in probes:
        del probe["httpGet" if asks_clients else "exec"]
    if not asks_clients:
        container["env"] = [v for v in container["env"] if v["name"] not in ("RIVIERA_HTTP_TLS_CLIENT_CA", "RIVIERA_HTTP_UNIX_SOCKET")]
        container["volumeMounts"] = [m for m in container["volumeMounts"] if m["name"] not in for_clients]
        pod["volumes"] = [v for v in pod["volumes"] if v["name"] not in for_clients]
    validate(deployment, what)
    check(f"the Deployment{what} mounts its volumes", {m["name"] for m in container["volumeMounts"]} == {v["name"] for v in pod["volumes"]})
    with tempfile.TemporaryDirectory() as folder:
        place = {mount["mountPath"]: f"{folder}/{mount['name']}" for mount in container["volumeMounts"]}
        for path in place.values():
            os.mkdir(path)
        server_certificate(f"{folder}/tls", "tls")
        token = "0123456789abcdef0123456789abcdef"
        pathlib.Path(folder, "tokens/tokens").write_text(token)
        if asks_clients:
            server_certificate(f"{folder}/client-ca", "ca")
        settings = json.loads(config["data"]["riviera.json"])
        settings["http"] |= {"port": 0, "host": "127.0.0.1"}
        pathlib.Path(folder, "config/riviera.json").write_text(json.dumps(settings))

        def here(text):
            for mount, path in sorted(place.items(), reverse=True):
                text = re.sub(rf"^{mount}(?=/)", path, text)
            return text

        variables = {variable["name"]: here(variable["value"]) for variable in container["env"]}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RIVIERA_")} | variables
        server = subprocess.Popen(
            [riviera, *map(here, container["args"])], stderr=subprocess.PIPE, text=True, env=environment)
        try:
            log = iter(server.stderr.readline, "")
            address = next((entry["address"] for entry in map(json.loads, log) if "listening" in entry.values()), "")
            check(f"the server{what} speaks HTTPS", address.startswith("https:"))
            for probe in probes:
                if asks_clients:
                    name, *arguments = map(here, probe["exec"]["command"])
                    attempts = (subprocess.run([riviera, *arguments], env=environment).returncode for _ in range(100))
                    check(f"the probe {name} {' '.join(arguments[:2])} is answered", name == "riviera" and 0 in attempts)
                else:
                    probe = probe["httpGet"]
                    check(f"{probe['path']} is answered by {probe['scheme']}", status(address.replace("https", probe["scheme"].lower()) + probe["path"]) == 200)
            if not asks_clients:
                check("/metrics needs a token", status(address + "/metrics") == 401)
                check("/metrics takes the Secret's token", status(address + "/metrics", {"Authorization": f"Bearer {token}"}) == 200)
        finally:
            server.terminate()
            check(f"the server{what} ends with status 0", server.wait(timeout=30) == 0)

# --- the Job's command lines, as its pods would run them, at a thousandth of the size

job = resources["Job"]["spec"]
container = containers(resources["Job"])[0][0]


def ruin(arguments):
    arguments = [re.sub(r"^--n=(\d+)\d{6}$", r"--n=\1", argument) for argument in arguments]
    return subprocess.run([riviera, *arguments], check=True, capture_output=True).stdout


with tempfile.TemporaryDirectory() as folder:
    # Stands for the cluster: it knows the pods, and what each of them printed.
    for index in range(job["completions"]):
        expanded = [argument.replace("$(JOB_COMPLETION_INDEX)", str(index)) for argument in container["args"]]
        pathlib.Path(folder, f"ruin-{index}").write_bytes(ruin(expanded))
    kubectl = pathlib.Path(folder, "kubectl")
    kubectl.write_text(
        f'#!/bin/sh\ncase $1 in\n  get) cd {folder} && ls | grep ruin- | sed "s|^|pod/|";;\n  logs) cat "{folder}/${{2#pod/}}";;\nesac\n')
    kubectl.chmod(0o755)
    environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "RIVIERA": riviera}
    merged = subprocess.run([root / "ruin/merge"], check=True, capture_output=True, env=environment).stdout
whole = ruin([argument for argument in container["args"] if not argument.startswith("--shard")])
check(f"{job['completions']} pods' slices merge into the bytes of the whole run", merged == whole and len(whole) > 0)

sys.exit(check.failed > 0)
