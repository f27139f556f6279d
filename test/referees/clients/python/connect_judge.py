"""1Password's Connect SDK for Python against a Connect server: what a rotation asks for, as this client asks for it."""

import os

from onepasswordconnectsdk import new_client
from onepasswordconnectsdk.errors import FailedToRetrieveItemException
from onepasswordconnectsdk.models import Field, GeneratorRecipe, Item, ItemVault

from steps import introduce, same, step

client = new_client(os.environ["OP_CONNECT_HOST"], os.environ["OP_CONNECT_TOKEN"])


def credential(title: str, **more) -> Item:
    fields = [Field(label="credential", type="CONCEALED", value="one"), Field(label="of ours", type="STRING", value="two")]
    return Item(title=title, category="API_CREDENTIAL", vault=ItemVault(id=vault.id), fields=fields, **more)


def value(item: Item, label: str):
    return next(field.value for field in item.fields if field.label == label)


introduce("onepasswordconnectsdk")

with step("vaults: listed, by id, by title, and one that is not there"):
    vault = client.get_vault_by_title("Security")
    same(client.get_vault(vault.id).name, "Security")
    assert vault.id in [one.id for one in client.get_vaults()]
    try:
        client.get_vault_by_title("Nowhere")
        raise AssertionError("a vault that is not there was found")
    except FailedToRetrieveItemException as error:
        # This client has a class for vaults, and does not use it here.
        assert "0 vaults" in str(error), error

with step("items: made, listed, read by id and by title, written back whole, deleted"):
    made = client.create_item(vault.id, credential("By the Python client", tags=["client"]))
    same(made.version, 1)
    assert made.id in [one.id for one in client.get_items(vault.id)]
    same(client.get_item_by_title("By the Python client", vault.id).id, made.id)
    same(value(client.get_item_by_id(made.id, vault.id), "of ours"), "two")
    made.title = "Renamed by the Python client"
    same(client.update_item(made.id, vault.id, made).version, 2)
    same([one.id for one in client.get_items(vault.id, 'title eq "Renamed by the Python client"')], [made.id])
    client.delete_item(made.id, vault.id)
    try:
        client.get_item_by_id(made.id, vault.id)
        raise AssertionError("a deleted item was read")
    except FailedToRetrieveItemException:
        pass

with step("items and titles with signs: quotes, slashes, umlauts, blanks"):
    for title in ['GitLab / "Inventory"', "Schlüssel für GitLab 🔐", "it's (mine) [1] = 50 + 1; a:b, c?"]:
        made = client.create_item(vault.id, credential(title))
        same(client.get_item_by_id(made.id, vault.id).title, title)
        assert title in [one.title for one in client.get_items(vault.id)]
        client.delete_item(made.id, vault.id)

with step("fields with ids that the server gives, generated values by a recipe"):
    recipe = GeneratorRecipe(length=40, character_sets=["DIGITS"])
    made = client.create_item(vault.id, Item(title="Recipe", category="PASSWORD", vault=ItemVault(id=vault.id), fields=[
        Field(purpose="PASSWORD", type="CONCEALED", generate=True, recipe=recipe)]))
    password = next(field.value for field in made.fields if field.purpose == "PASSWORD")
    same((len(password), password.isdigit()), (40, True))
    same(len({field.id for field in made.fields}), len(made.fields))
    client.delete_item(made.id, vault.id)

with step("patches of one field of an item that somebody else made"):
    [overview] = [one for one in client.get_items(vault.id) if one.title.endswith("Scanner")]
    before = client.get_item_by_id(overview.id, vault.id)
    field = next(one for one in before.fields if one.label == "credential")
    change = [{"op": "replace", "path": f"/fields/{field.id}/value", "value": "new"}]
    same(client.build_request("PATCH", f"/v1/vaults/{vault.id}/items/{overview.id}", change).status_code, 200)
    found = client.get_item_by_id(overview.id, vault.id)
    same(value(found, "credential"), "new")
    same([(one.label, one.type) for one in found.fields], [(one.label, one.type) for one in before.fields])

with step("files of an item: none"):
    same(client.get_files(overview.id, vault.id) or [], [])
