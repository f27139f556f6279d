import { vaultsFromEnvironment } from "../../clients/onepassword/environment";
import type { PackageSchema } from "../../contract/form/package";
import { placeInAccount } from "../host/account/placeInAccount";
import type { Provider } from "../host/provider";
import { getItem, getVault } from "./functions";
import { item } from "./item/item";
import { itemField } from "./itemField";
import schema from "./schema.json";

const vaults = vaultsFromEnvironment();

/** 1Password items and their fields, over a Connect server or with a service account. */
export const provider: Provider = {
  schema: schema as unknown as PackageSchema,
  hasIdInOutputs: true,
  resources: {
    "onepassword:index/item:Item": placeInAccount("credential", item(vaults)),
    "onepassword:index/itemField:ItemField": placeInAccount("value", itemField(vaults)),
  },
  functions: {
    "onepassword:index/getItem:getItem": getItem(vaults),
    "onepassword:index/getVault:getVault": getVault(vaults),
  },
};
