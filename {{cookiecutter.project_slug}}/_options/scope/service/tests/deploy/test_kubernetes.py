"""The manifests against the schemas of Kubernetes, and against what they name elsewhere."""

import copy
import functools
import shlex
from collections.abc import Callable
from typing import Any

import kubernetes_validate
import pytest
import yaml
from configured import configured
from import_graph import PROJECT

from {{ cookiecutter.package_name }}.cluster.job import PREEMPTED
from {{ cookiecutter.package_name }}.cluster.preflight import preflight
from {{ cookiecutter.package_name }}.serving.routes import ROUTER
from {{ cookiecutter.package_name }}.serving.running import SECONDS_TO_END
from {{ cookiecutter.package_name }}.serving.settings import read

FOLDER = PROJECT / "deploy/kubernetes"
OLDEST, NEWEST = "1.31", kubernetes_validate.latest_version()
DOCKERFILE = (PROJECT / "Dockerfile").read_text("utf-8")


@functools.cache
def documents() -> dict[tuple[str, str], dict[str, Any]]:
    """Every object of the manifests, by its file and kind."""
    files = [file for file in sorted(FOLDER.glob("*.yaml")) if file.stem != "kustomization"]
    found = [
        (file.stem, one) for file in files for one in yaml.safe_load_all(file.read_text("utf-8"))
    ]
    return {(file, one["kind"]): one for file, one in found}


def pod(file: str, kind: str) -> dict[str, Any]:
    return documents()[file, kind]["spec"]["template"]["spec"]


def container(file: str, kind: str) -> dict[str, Any]:
    (only,) = pod(file, kind)["containers"]
    return only


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_every_object_keeps_its_schema(version: str) -> None:
    assert len(documents()) >= 8
    for one in documents().values():
        kubernetes_validate.validate(one, version, strict=True)


def misspell_a_probe(one: dict[str, Any]) -> None:
    part = one["spec"]["template"]["spec"]["containers"][0]
    part["readinessProb"] = part.pop("readinessProbe")


def lose_the_selector(one: dict[str, Any]) -> None:
    del one["spec"]["selector"]


def give_a_number_for_a_text(one: dict[str, Any]) -> None:
    one["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "A", "value": 29500}]


@pytest.mark.parametrize("spoil", [misspell_a_probe, lose_the_selector, give_a_number_for_a_text])
def test_a_mistake_in_one_would_be_found(spoil: Callable[[dict[str, Any]], None]) -> None:
    one = copy.deepcopy(documents()["serving", "Deployment"])
    spoil(one)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(one, NEWEST, strict=True)


def test_the_service_the_autoscaler_and_the_budget_name_the_deployment() -> None:
    known = documents()
    deployment = known["serving", "Deployment"]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert known["serving", "Service"]["spec"]["selector"] == labels
    assert known["serving", "PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    target = known["serving", "HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", deployment["metadata"]["name"])
    assert "replicas" not in deployment["spec"]  # they are the autoscaler's


def test_probes_ask_for_what_is_there_at_the_port_of_the_image() -> None:
    part = container("serving", "Deployment")
    paths = {getattr(route, "path", "") for route in ROUTER.routes}
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert part[name]["httpGet"]["path"] in paths
    (port,) = part["ports"]
    assert f"EXPOSE {port['containerPort']}" in DOCKERFILE
    assert port["containerPort"] == read([]).port
    (served,) = documents()["serving", "Service"]["spec"]["ports"]
    assert served["targetPort"] == port["name"]


def test_a_pod_has_time_for_the_requests_that_have_begun() -> None:
    spec = pod("serving", "Deployment")
    before = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert spec["terminationGracePeriodSeconds"] > before + SECONDS_TO_END


@pytest.mark.parametrize(("file", "kind"), [("serving", "Deployment"), ("training", "Job")])
def test_pods_run_as_the_images_user_and_mount_what_they_name(file: str, kind: str) -> None:
    spec = pod(file, kind)
    assert f"--uid {spec['securityContext']['runAsUser']} " in DOCKERFILE
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["containers"][0]["securityContext"]["allowPrivilegeEscalation"] is False
    volumes = {volume["name"] for volume in spec["volumes"]}
    assert {mount["name"] for mount in spec["containers"][0]["volumeMounts"]} == volumes
    claims = [
        v["persistentVolumeClaim"]["claimName"]
        for v in spec["volumes"]
        if len(v) == 2 and "persistentVolumeClaim" in v
    ]
    assert set(claims) <= {documents()["storage", "PersistentVolumeClaim"]["metadata"]["name"]}


def test_the_kustomization_names_what_the_deployment_asks_for() -> None:
    text = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))
    part = container("serving", "Deployment")
    assert [image["name"] for image in text["images"]] == [part["image"]]
    (generated,) = text["configMapGenerator"]
    assert part["envFrom"] == [{"configMapRef": {"name": generated["name"]}}]
    assert all((FOLDER / name).is_file() for name in text["resources"])
    options = dict(one.split("=", 1) for one in generated["literals"])
    settings = read(shlex.split(options["SERVE_OPTIONS"]))
    assert (settings.host, settings.model) == ("0.0.0.0", "champion")


def training() -> tuple[Any, dict[str, str]]:
    """What the job trains with, and the variables that its first pod has."""
    part = container("training", "Job")
    verb, *words = part["command"]
    assert verb == "train"
    trainer = configured(*words).trainer
    return trainer, {one["name"]: one.get("value", "0") for one in part["env"]}


def test_the_job_starts_as_many_processes_as_training_waits_for() -> None:
    trainer, environment = training()
    spec = documents()["training", "Job"]["spec"]
    assert spec["completions"] == spec["parallelism"] == trainer.nodes > 1
    limits = container("training", "Job")["resources"]["limits"]
    assert limits["nvidia.com/gpu"] == trainer.devices
    preflight(trainer, environment)


def test_its_pods_find_the_first_one_by_name() -> None:
    _, environment = training()
    job, service = documents()["training", "Job"], documents()["training", "Service"]
    name, subdomain = job["metadata"]["name"], pod("training", "Job")["subdomain"]
    assert service["metadata"]["name"] == subdomain
    assert service["spec"]["clusterIP"] == "None"
    assert service["spec"]["selector"] == {"batch.kubernetes.io/job-name": name}
    assert environment["MASTER_ADDR"] == f"{name}-0.{subdomain}"
    (rank,) = [o for o in container("training", "Job")["env"] if o["name"] == "NODE_RANK"]
    place = "metadata.annotations['batch.kubernetes.io/job-completion-index']"
    assert rank["valueFrom"] == {"fieldRef": {"fieldPath": place}}


def test_a_training_that_was_told_to_stop_is_no_failure() -> None:
    spec = documents()["training", "Job"]["spec"]
    assert spec["completionMode"] == "Indexed"
    assert spec["template"]["spec"]["restartPolicy"] == "Never"
    ignored = [rule for rule in spec["podFailurePolicy"]["rules"] if rule["action"] == "Ignore"]
    codes = [code for rule in ignored for code in rule.get("onExitCodes", {}).get("values", [])]
    assert PREEMPTED in codes
    assert "resume=auto" in container("training", "Job")["command"]
