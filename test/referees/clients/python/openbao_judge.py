"""hvac, the Python client for OpenBao and Vault, against a server: what a rotation asks of the engine KV, version 2."""

import os

import hvac
from hvac.exceptions import Forbidden, InvalidPath, InvalidRequest

from steps import introduce, same, step

client = hvac.Client(url=os.environ["BAO_ADDR"], token=os.environ["BAO_TOKEN"])
kv = client.secrets.kv.v2
mount = os.environ.get("BAO_MOUNT", "secret")


def read(path: str, **more) -> dict:
    return kv.read_secret_version(path=path, mount_point=mount, raise_on_deleted_version=True, **more)["data"]


def refused(kind, act) -> str:
    try:
        act()
    except kind as error:
        return str(error)
    raise AssertionError(f"no {kind.__name__} was raised")


introduce("hvac")

with step("the token: accepted, and one that is none is not"):
    assert client.is_authenticated()
    stranger = hvac.Client(url=os.environ["BAO_ADDR"], token="s.stranger")
    assert not stranger.is_authenticated()
    refused(Forbidden, lambda: stranger.secrets.kv.v2.read_secret_version(path="judged/one", mount_point=mount, raise_on_deleted_version=True))

with step("a secret: not there, made, read, with its version"):
    refused(InvalidPath, lambda: read("judged/one"))
    made = kv.create_or_update_secret(path="judged/one", secret={"token": "first", "owner": "ops"}, mount_point=mount)
    same(made["data"]["version"], 1)
    found = read("judged/one")
    same(found["data"], {"token": "first", "owner": "ops"})
    same(found["metadata"]["version"], 1)
    same(found["metadata"]["destroyed"], False)
    same(found["metadata"]["deletion_time"], "")

with step("check-and-set: 0 for a first version alone, then the newest"):
    cas = lambda path, value, version: kv.create_or_update_secret(path=path, secret={"token": value}, cas=version, mount_point=mount)
    said = refused(InvalidRequest, lambda: cas("judged/one", "lost", 0))
    assert "check-and-set parameter did not match the current version" in said, said
    same(cas("judged/cas", "one", 0)["data"]["version"], 1)
    same(cas("judged/cas", "two", 1)["data"]["version"], 2)
    same(read("judged/cas")["data"], {"token": "two"})
    same(read("judged/cas", version=1)["data"], {"token": "one"})

with step("a patch: sets one key, and leaves the others"):
    headers = {"Content-Type": "application/merge-patch+json"}
    patch = lambda body: client.adapter.request("patch", f"/v1/{mount}/data/judged/one", json=body, headers=headers)
    patch({"options": {"cas": 1}, "data": {"token": "second"}})
    same(read("judged/one")["data"], {"token": "second", "owner": "ops"})
    said = refused(InvalidRequest, lambda: patch({"options": {"cas": 1}, "data": {"token": "third"}}))
    assert "check-and-set" in said, said
    patch({"data": {"owner": None}})
    same(read("judged/one")["data"], {"token": "second"})
    kv.patch(path="judged/one", secret={"owner": "again"}, mount_point=mount)
    same(read("judged/one")["data"], {"token": "second", "owner": "again"})
    refused(InvalidPath, lambda: client.adapter.request("patch", f"/v1/{mount}/data/judged/none", json={"data": {"a": "b"}}, headers=headers))

with step("metadata: custom ones stay when the secret is written, and a version is asked for where that is required"):
    kv.update_metadata(path="judged/one", custom_metadata={"team": "security"}, cas_required=True, mount_point=mount)
    said = refused(InvalidRequest, lambda: kv.create_or_update_secret(path="judged/one", secret={"token": "x"}, mount_point=mount))
    assert "check-and-set parameter required for this call" in said, said
    now = kv.read_secret_metadata(path="judged/one", mount_point=mount)["data"]
    cas("judged/one", "fourth", now["current_version"])
    now = kv.read_secret_metadata(path="judged/one", mount_point=mount)["data"]
    same(now["custom_metadata"], {"team": "security"})
    same(now["cas_required"], True)
    same(read("judged/one")["metadata"]["custom_metadata"], {"team": "security"})

with step("deleted, it is 404 with what is known of the version; undeleted, it is there again; destroyed, it is gone"):
    kv.delete_latest_version_of_secret(path="judged/cas", mount_point=mount)
    gone = kv.read_secret_version(path="judged/cas", mount_point=mount, raise_on_deleted_version=False)["data"]
    same(gone["data"], None)
    assert gone["metadata"]["deletion_time"] != "", gone
    refused(InvalidPath, lambda: read("judged/cas"))
    same(kv.read_secret_metadata(path="judged/cas", mount_point=mount)["data"]["current_version"], 2)
    kv.undelete_secret_versions(path="judged/cas", versions=[2], mount_point=mount)
    same(read("judged/cas")["data"], {"token": "two"})
    kv.destroy_secret_versions(path="judged/cas", versions=[2], mount_point=mount)
    # This client takes a deleted version for none, and a destroyed one for an error.
    said = refused(InvalidPath, lambda: read("judged/cas"))
    assert '"destroyed":true' in said.replace(" ", ""), said
    same(cas("judged/cas", "three", 2)["data"]["version"], 3)
    kv.delete_metadata_and_all_versions(path="judged/cas", mount_point=mount)
    refused(InvalidPath, lambda: kv.read_secret_metadata(path="judged/cas", mount_point=mount))

with step("rights: what our own token may do at a path"):
    said = client.sys.get_capabilities(paths=[f"{mount}/data/judged/one"])
    same(said["data"][f"{mount}/data/judged/one"], ["root"])
