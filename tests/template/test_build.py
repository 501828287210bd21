"""What `sam build` makes is what Lambda can run: compiled, complete, and nothing beside what the lock names."""

import hashlib
import importlib.util
import json
import ssl
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.regions import EndpointResolver

from local.build import build
from local.home import PROJECT, Home, tool

UNCHECKED_HASH = (0b01).to_bytes(4, "little")
"""PEP 552: bytecode that is named after its source's hash and used without looking at the source."""

IMPORT_ALL = """
import importlib.util, json, sys
layers, handlers = json.loads(sys.argv[1])
sys.path += layers
for handler in handlers:
    spec = importlib.util.spec_from_file_location("function", handler)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert callable(module.handler), handler
"""


@pytest.fixture(scope="module")
def built(home: Home) -> Path:
    """The whole template, built for this machine."""
    build(home)
    return home.build


@pytest.mark.parametrize("layer", ["CommonLayer", "CryptoLayer"])
def test_every_module_of_a_layer_has_valid_bytecode_that_lambda_uses_unchecked(built: Path, layer: str) -> None:
    modules = list((built / layer / "python").rglob("*.py"))
    assert modules
    for module in modules:
        bytecode = Path(importlib.util.cache_from_source(module)).read_bytes()
        assert bytecode[:4] == importlib.util.MAGIC_NUMBER, module
        assert bytecode[4:8] == UNCHECKED_HASH, module
        assert bytecode[8:16] == importlib.util.source_hash(module.read_bytes()), module


def test_bytecode_names_its_source_where_it_stands_on_lambda(built: Path) -> None:
    bytecode = Path(importlib.util.cache_from_source(built / "CommonLayer" / "python" / "coffer" / "ids.py"))
    assert b"/opt/python/coffer/ids.py" in bytecode.read_bytes()


@pytest.mark.parametrize("service", ["dynamodb", "kms"])
def test_botocore_knows_coffer_s_services_as_it_did_and_no_others(built: Path, service: str) -> None:
    data = built / "CommonLayer" / "python" / "botocore" / "data"
    assert {folder.name for folder in data.iterdir() if folder.is_dir()} == {"dynamodb", "kms", "sts"}
    trimmed, published = Loader([str(data)], include_default_search_paths=False), Loader()
    assert described(trimmed, service) == described(published, service)
    rules = [loader.load_service_model(service, "endpoint-rule-set-1")["rules"] for loader in (trimmed, published)]
    assert rules[0] == rules[1]
    assert resolved(trimmed, service) == resolved(published, service)


ROOTS = {
    "Amazon Root CA 1": "8ECDE6884F3D87B1125BA31AC3FCB13D7016DE7F57CC904FE1CB97C6AE98196E",
    "Amazon Root CA 2": "1BA5B2AA8C65401A82960118F80BEC4F62304D83CEC4713A19C39C011EA46DB4",
    "Amazon Root CA 3": "18CE6CFE7BF14E60B2E347B8DFE868CB31D02EBB3ADA271569F50343B46DB3A4",
    "Amazon Root CA 4": "E35D28419ED02025CFA69038CD623962458DA5C695FBDEA3C22B0BFB25897092",
    "Starfield Services Root Certificate Authority - G2": (
        "568D6905A2C88708A4B3025190EDCFEDB1974A606A13C6E5290FCB2AE63EDAB5"
    ),
}
"""The roots that Amazon Trust Services asks to trust, by the SHA-256 of each: https://www.amazontrust.com/repository/"""


def test_botocore_trusts_those_who_sign_for_aws_and_few_others(built: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(built / "CommonLayer" / "python" / "botocore" / "cacert.pem")
    trusted = {hashlib.sha256(each).hexdigest().upper() for each in context.get_ca_certs(binary_form=True)}
    assert set(ROOTS.values()) <= trusted
    assert len(trusted) <= 20


def test_of_powertools_there_is_its_log_and_what_that_imports(built: Path) -> None:
    powertools = built / "CommonLayer" / "python" / "aws_lambda_powertools"
    assert not (powertools / "event_handler").exists()
    assert {folder.name for folder in (powertools / "utilities").iterdir() if folder.is_dir()} == {
        "__pycache__",
        "jmespath_utils",
    }


def test_cryptography_is_in_its_own_layer_alone(built: Path) -> None:
    assert (built / "CryptoLayer" / "python" / "cryptography").is_dir()
    assert not (built / "CommonLayer" / "python" / "cryptography").exists()


def test_every_function_imports_with_its_layers_and_the_standard_library_alone(built: Path) -> None:
    handlers = defaultdict(list)
    for function, layers in functions(built / "template.yaml"):
        handlers[layers].append(str(built / function))
    for layers, modules in handlers.items():
        paths = [str(built / layer / "python") for layer in layers]
        # Neither this project's packages nor anything installed, nor the working directory.
        command = [sys.executable, "-I", "-S", "-W", "error", "-c", IMPORT_ALL, json.dumps([paths, modules])]
        imported = subprocess.run(command, capture_output=True, text=True, env={}, cwd="/", check=False)
        assert imported.returncode == 0, imported.stderr


def test_what_needs_cryptography_does_not_import_without_its_layer(built: Path) -> None:
    script = "import sys; sys.path.append(sys.argv[1]); import coffer.auth.public_key"
    command = [sys.executable, "-I", "-S", "-c", script, str(built / "CommonLayer" / "python")]
    imported = subprocess.run(command, capture_output=True, text=True, env={}, cwd="/", check=False)
    assert "No module named 'cryptography'" in imported.stderr


def test_the_template_is_valid_and_free_of_lint() -> None:
    validated = subprocess.run(
        [tool("sam"), "validate", "--lint"],
        cwd=PROJECT,
        env=Home().environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert validated.returncode == 0, validated.stdout + validated.stderr


def test_the_layers_requirements_are_what_the_lock_exports(tmp_path: Path) -> None:
    subprocess.run(["make", "--silent", "requirements", f"LAYERS={tmp_path}"], cwd=PROJECT, check=True)
    for layer in ("common", "crypto"):
        exported = (tmp_path / layer / "requirements.txt").read_text()
        assert (PROJECT / "layers" / layer / "requirements.txt").read_text() == exported, "run `make requirements`"


def described(loader: Loader, service: str) -> dict[str, Any]:
    """What a service can be asked for: its operations, and what goes in and out of them, but for the explanations."""
    model = ServiceModel(loader.load_service_model(service, "service-2"))
    return {
        name: {
            shape.name: {member: (each.type_name, each.name) for member, each in shape.members.items()}
            for shape in (model.operation_model(name).input_shape, model.operation_model(name).output_shape)
            if shape
        }
        | {"required": getattr(model.operation_model(name).input_shape, "required_members", [])}
        for name in model.operation_names
    }


def resolved(loader: Loader, service: str) -> list[Any]:
    """Where a service is, in some regions of different kinds."""
    resolver = EndpointResolver(loader.load_data("endpoints"))
    return [resolver.construct_endpoint(service, region) for region in ("us-east-1", "cn-north-1", "xx-new-1")]


def functions(template: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Each function's handler as a path below the build, and its layers."""
    content: dict[str, Any] = yaml.safe_load(template.read_text())
    shared = content["Globals"]["Function"]["Layers"]
    return [
        (
            f"{name}/{properties['Handler'].removesuffix('.handler')}.py",
            tuple(layer["Ref"] for layer in [*shared, *properties.get("Layers", [])]),
        )
        for name, resource in content["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
        for properties in [resource["Properties"]]
    ]
