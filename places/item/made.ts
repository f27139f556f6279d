import * as onepassword from "@pulumi/onepassword";
import type { Maker } from "../making";
import type { ItemDeclaration } from "./declared";

/** An item of its own, or a field of one that is there. */
export const madeItem: Maker<ItemDeclaration> = (target, name, { token, expiresAt }, account, options) => {
  if (target.newItem !== undefined) {
    const item = new onepassword.Item(
      name,
      {
        vault: target.vault,
        title: target.newItem,
        category: "api_credential",
        // The bot of an access token has a name that nobody knows before.
        username: account.account.username || account.token.name,
        credential: token,
        expiresAt,
      },
      options,
    );
    return {
      resource: item,
      place: { kind: "item", vaultUuid: item.vaultUuid, itemUuid: item.uuid, fieldId: "credential" },
    };
  }
  const field = new onepassword.ItemField(
    name,
    {
      vault: target.vault,
      item: target.item ?? "",
      field: target.field,
      ...(target.section === undefined ? {} : { section: target.section }),
      ...(target.shown === true ? { shown: true } : {}),
      value: token,
      expiresAt,
    },
    options,
  );
  return {
    resource: field,
    place: { kind: "item", vaultUuid: field.vaultUuid, itemUuid: field.itemUuid, fieldId: field.fieldId },
  };
};
