"""Refuse answers that would give a broken project, before a file of it is written."""

import json
import keyword
import re
import sys
import unicodedata

ANSWERS = json.loads({{cookiecutter | jsonify | jsonify}})

# What a project's environment may hold, by distribution and import name (a test compares): a
# project called like one of them would replace it or be hidden by it. Also refused: nvidia-*.
INSTALLED = """
    aiobotocore aiohappyeyeballs aiohttp aiohttp_retry aioitertools aiosignal alembic amqp
    annotated_doc annotated_types antlr4 antlr4_python3_runtime anyio appdirs arrow asttokens
    asyncssh atpublic attr attrs billiard binaryornot blinker boto3 botocore cachetools celery
    certifi cffi cfgv charset_normalizer check_jsonschema click click_didyoumean click_plugins
    click_repl cloudpickle codespell codespell_lib colorama colorlog comm configobj contourpy
    cookiecutter coverage cruft cryptography cuda_bindings cuda_pathfinder cuda_toolkit cycler
    databricks databricks_sdk dateutil debugpy deepmerge deptry detect_secrets dictdiffer diskcache
    distlib distro docker dotenv dpath dulwich dvc dvc_data dvc_http dvc_objects dvc_render dvc_s3
    dvc_studio_client dvc_task entrypoints execnet executing fastapi fastjsonschema filelock flask
    flask_cors flask_wtf flatbuffers flatten_dict flufl flufl_lock fonttools formulaic frozenlist
    fsspec functorch funcy git gitdb gitpython google google_auth grandalf graphene graphql
    graphql_core graphql_relay gto gunicorn h11 harfile hf_xet httpcore2 httptools httpx2 huey
    huggingface_hub hydra hydra_core hypothesis hypothesis_graphql identify idna importlib_metadata
    iniconfig interface_meta ipykernel ipykernel_launcher ipython ipython_pygments_lexers isympy
    iterative_telemetry itsdangerous jedi jinja2 jmespath joblib jsonschema jsonschema_rs
    jsonschema_specifications jupyter jupyter_client jupyter_core kiwisolver kombu
    kubernetes_validate lightning lightning_fabric lightning_utilities mako markdown markdown_it
    markdown_it_py markupsafe matplotlib matplotlib_inline mdurl ml_dtypes mlflow mlflow_skinny
    mlflow_tracing moto mpl_toolkits mpmath multidict multipart mypy_extensions narwhals nbclient
    nbformat nbstripout nest_asyncio2 networkx nodeenv numpy omegaconf onnx onnx_ir onnxruntime
    onnxscript opentelemetry opentelemetry_api opentelemetry_proto opentelemetry_sdk
    opentelemetry_semantic_conventions optuna orjson packaging pandas pandera parso pathspec patsy
    pexpect pil pillow pip platformdirs pluggy polars polars_hash polars_runtime_32 portalocker
    pre_commit pre_commit_hooks prettytable prometheus_client prompt_toolkit propcache protobuf
    psutil psycopg psycopg_binary ptyprocess public pure_eval py py_partiql_parser pyarrow pyasn1
    pyasn1_modules pycparser pydantic pydantic_core pydantic_settings pydevd_plugins pydot pygit2
    pygments pygtrie pylab pymdown_extensions pymdownx pyparsing pyrate_limiter pyrefly pytest
    pytest_cov pytest_xdist python_dateutil python_discovery python_dotenv python_multipart
    python_slugify pytorch_lightning pywin32 pyyaml pyzmq referencing regress requests requirements
    requirements_parser responses rich rpds rpds_py ruamel ruamel_yaml ruff s3fs s3transfer
    safetensors schemathesis scikit_learn scipy scmrepo semver setuptools shellingham shortuuid
    shtab six sklearn skops sliceline slugify smmap sortedcontainers sqlalchemy sqlparse sqltrie
    stack_data starlette statsmodels sympy tabulate text_unidecode threadpoolctl timm tomli tomlkit
    torch torchgen torchmetrics torchvision tornado tqdm traitlets triton truststore typeguard typer
    types_pyyaml typing_extensions typing_inspect typing_inspection tzdata tzlocal urllib3 uv
    uv_build uvicorn uvloop validate vine virtualenv voluptuous waitress wcwidth werkzeug wheel
    wrapt wtforms xdist xmltodict yaml yarl zc zc_lockfile zensical zipp zmq
""".split()
OWN = """
    browser calling conf configured conftest data disturbances docs export_cases exporting
    import_graph killed_training kills kit_facts leak_rows learn little models moved network_cases
    page_steps plain_network postgres predictions project_copy project_pages project_tools
    reading_pages reports requested runs searches served sitecustomize small_data small_training
    some_tables src stories tables_to_explore teams test tests tiny_training tools torchrun
    toy_project toy_reference toy_runs toy_tables tracked tried usercustomize
""".split()
TAKEN = {*INSTALLED, *OWN, *keyword.kwlist, *sys.stdlib_module_names}
WINDOWS_DEVICES = re.compile("con|prn|aux|nul|(com|lpt)[0-9]")

NAMES = {"project_slug": ("-", "hyphens"), "package_name": ("_", "underscores")}
NAME_LENGTH = 40
TEXTS = {"project_name": 200, "description": 500, "author": 200}
ACCOUNT = "[A-Za-z0-9][A-Za-z0-9_.-]*"
SHAPES = {
    "email": (
        r"[\w.+-]+@[\w-]+(\.[\w-]+)+",
        "an address without spaces or quotes",
        "name@example.com",
    ),
    "org": (f"{ACCOUNT}(/{ACCOUNT})*", "an account name of letters, digits and . _ - /", "my-team"),
}


def suggested_name(value, separator):
    plain = unicodedata.normalize("NFKD", value.casefold()).encode("ascii", "ignore").decode()
    words = re.findall("[a-z0-9]+", plain)
    name = separator.join(["ml", *words])[:NAME_LENGTH].strip(separator)
    return name if words else separator.join(["my", "project"])


def name_problem(value, separator, joined):
    """What is wrong with a name that goes into folders, imports and the lock file."""
    shape = f"[a-z][a-z0-9]*({separator}[a-z0-9]+)*"
    if not re.fullmatch(shape, value) or len(value) > NAME_LENGTH:
        characters = f"at most {NAME_LENGTH} lower-case letters and digits, a letter first"
        return f"{characters}, words joined by single {joined}"
    module = value.replace("-", "_")
    taken = module in TAKEN or module.startswith(("test_", "nvidia_"))
    if taken or WINDOWS_DEVICES.fullmatch(module):
        return "a name that Python, the system, this project or its dependencies do not use already"
    return None


def text_problem(value, limit):
    if value != value.strip() or not 1 <= len(value) <= limit:
        return f"1 to {limit} characters with no space at the ends"
    # What TOML or YAML cannot hold: controls, surrogates, line separators, non-characters.
    forbidden = (unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in value)
    if any(forbidden) or set(value) & {"\ufffe", "\uffff"}:
        return "one line without control characters"
    return None


def problems():
    for key, (separator, joined) in NAMES.items():
        if problem := name_problem(ANSWERS[key], separator, joined):
            yield key, problem, suggested_name(ANSWERS[key], separator)
    for key, limit in TEXTS.items():
        if problem := text_problem(ANSWERS[key], limit):
            clean = " ".join("".join(c if c.isprintable() else " " for c in ANSWERS[key]).split())
            yield key, problem, clean[:limit].strip() or "Plain words"
    for key, (shape, expected, example) in SHAPES.items():
        if len(ANSWERS[key]) > 200 or not re.fullmatch(shape, ANSWERS[key]):
            yield key, expected, example
    # A group inside of a group is GitLab's; elsewhere no repository has such an address.
    if ANSWERS["ci"] != "gitlab" and "/" in ANSWERS["org"]:
        yield (
            "org",
            "one account of GitHub (groups in groups: ci=gitlab)",
            ANSWERS["org"].partition("/")[0],
        )


found = [
    f"{key}: {ANSWERS[key]!r} cannot be used. Expected: {problem}. Type for example: {example}"
    for key, problem, example in problems()
]
if found:
    sys.exit("\n" + "\n".join(found))
