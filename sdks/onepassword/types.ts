// Generated from providers/onepassword/schema.json by `npm run sdks`: change that file instead.
import type * as pulumi from "@pulumi/pulumi";

/** How 1Password is to think of a value. */
export interface ItemPasswordRecipe {
  /** The length of the password to be generated, 1 to 64. Default: 32. */
  readonly length?: number;
  /** Use letters [a-zA-Z] when generating the password. Default: true. */
  readonly letters?: boolean;
  /** Use digits [0-9] when generating the password. Default: true. */
  readonly digits?: boolean;
  /** Use symbols [!@.-_*] when generating the password. Default: true. */
  readonly symbols?: boolean;
}

/** How 1Password is to think of a value. */
export interface ItemPasswordRecipeArgs {
  /** The length of the password to be generated, 1 to 64. Default: 32. */
  readonly length?: pulumi.Input<number | undefined>;
  /** Use letters [a-zA-Z] when generating the password. Default: true. */
  readonly letters?: pulumi.Input<boolean | undefined>;
  /** Use digits [0-9] when generating the password. Default: true. */
  readonly digits?: pulumi.Input<boolean | undefined>;
  /** Use symbols [!@.-_*] when generating the password. Default: true. */
  readonly symbols?: pulumi.Input<boolean | undefined>;
}

/** A named group of fields. */
export interface ItemSection {
  /** A list of custom fields in the section. Fields that are not listed stay as they are. */
  readonly fields?: ItemSectionField[];
  /** A unique identifier for the section. Left out, the section is known by its label. */
  readonly id?: string;
  /** The label for the section. */
  readonly label: string;
}

/** A named group of fields. */
export interface ItemSectionArgs {
  /** A list of custom fields in the section. Fields that are not listed stay as they are. */
  readonly fields?: pulumi.Input<readonly pulumi.Input<ItemSectionFieldArgs>[] | undefined>;
  /** A unique identifier for the section. Left out, the section is known by its label. */
  readonly id?: pulumi.Input<string | undefined>;
  /** The label for the section. */
  readonly label: pulumi.Input<string>;
}

/** A field of a section. */
export interface ItemSectionField {
  /** A unique identifier for the field. 1Password gives one where it is left out. */
  readonly id?: string;
  /** The label for the field. */
  readonly label: string;
  /** The recipe used to generate a value, once, when the item is made without one. */
  readonly passwordRecipe?: ItemSectionFieldPasswordRecipe;
  /**
   * Purpose indicates this is a special field: a username, password, or notes field. One of ["USERNAME" "PASSWORD"
   * "NOTES"]
   */
  readonly purpose?: string;
  /**
   * The type of value stored in the field. One of ["STRING" "CONCEALED" "EMAIL" "URL" "OTP" "DATE" "MONTH_YEAR"
   * "MENU"]. Default: STRING.
   */
  readonly type?: string;
  /** The value of the field. A DATE is written YYYY-MM-DD. Left out, the field keeps what it holds. */
  readonly value?: string;
}

/** A field of a section. */
export interface ItemSectionFieldArgs {
  /** A unique identifier for the field. 1Password gives one where it is left out. */
  readonly id?: pulumi.Input<string | undefined>;
  /** The label for the field. */
  readonly label: pulumi.Input<string>;
  /** The recipe used to generate a value, once, when the item is made without one. */
  readonly passwordRecipe?: pulumi.Input<ItemSectionFieldPasswordRecipeArgs | undefined>;
  /**
   * Purpose indicates this is a special field: a username, password, or notes field. One of ["USERNAME" "PASSWORD"
   * "NOTES"]
   */
  readonly purpose?: pulumi.Input<string | undefined>;
  /**
   * The type of value stored in the field. One of ["STRING" "CONCEALED" "EMAIL" "URL" "OTP" "DATE" "MONTH_YEAR"
   * "MENU"]. Default: STRING.
   */
  readonly type?: pulumi.Input<string | undefined>;
  /** The value of the field. A DATE is written YYYY-MM-DD. Left out, the field keeps what it holds. */
  readonly value?: pulumi.Input<string | undefined>;
}

/** How 1Password is to think of a value. */
export interface ItemSectionFieldPasswordRecipe {
  /** The length of the password to be generated, 1 to 64. Default: 32. */
  readonly length?: number;
  /** Use letters [a-zA-Z] when generating the password. Default: true. */
  readonly letters?: boolean;
  /** Use digits [0-9] when generating the password. Default: true. */
  readonly digits?: boolean;
  /** Use symbols [!@.-_*] when generating the password. Default: true. */
  readonly symbols?: boolean;
}

/** How 1Password is to think of a value. */
export interface ItemSectionFieldPasswordRecipeArgs {
  /** The length of the password to be generated, 1 to 64. Default: 32. */
  readonly length?: pulumi.Input<number | undefined>;
  /** Use letters [a-zA-Z] when generating the password. Default: true. */
  readonly letters?: pulumi.Input<boolean | undefined>;
  /** Use digits [0-9] when generating the password. Default: true. */
  readonly digits?: pulumi.Input<boolean | undefined>;
  /** Use symbols [!@.-_*] when generating the password. Default: true. */
  readonly symbols?: pulumi.Input<boolean | undefined>;
}

/** A named group of fields. */
export interface GetItemSection {
  /** The fields in the section. */
  readonly fields?: GetItemSectionField[];
  /** A unique identifier for the section. */
  readonly id: string;
  /** The label for the section. */
  readonly label: string;
}

/** A named group of fields. */
export interface GetItemSectionArgs {
  /** The fields in the section. */
  readonly fields?: pulumi.Input<readonly pulumi.Input<GetItemSectionFieldArgs>[] | undefined>;
  /** A unique identifier for the section. */
  readonly id: pulumi.Input<string>;
  /** The label for the section. */
  readonly label: pulumi.Input<string>;
}

/** A field of a section. */
export interface GetItemSectionField {
  /** A unique identifier for the field. 1Password gives one where it is left out. */
  readonly id: string;
  /** The label for the field. */
  readonly label: string;
  /**
   * Purpose indicates this is a special field: a username, password, or notes field. One of ["USERNAME" "PASSWORD"
   * "NOTES"]
   */
  readonly purpose?: string;
  /**
   * The type of value stored in the field. One of ["STRING" "CONCEALED" "EMAIL" "URL" "OTP" "DATE" "MONTH_YEAR"
   * "MENU"]. Default: STRING.
   */
  readonly type: string;
  /** The value of the field. A DATE is read as YYYY-MM-DD. */
  readonly value?: string;
}

/** A field of a section. */
export interface GetItemSectionFieldArgs {
  /** A unique identifier for the field. 1Password gives one where it is left out. */
  readonly id: pulumi.Input<string>;
  /** The label for the field. */
  readonly label: pulumi.Input<string>;
  /**
   * Purpose indicates this is a special field: a username, password, or notes field. One of ["USERNAME" "PASSWORD"
   * "NOTES"]
   */
  readonly purpose?: pulumi.Input<string | undefined>;
  /**
   * The type of value stored in the field. One of ["STRING" "CONCEALED" "EMAIL" "URL" "OTP" "DATE" "MONTH_YEAR"
   * "MENU"]. Default: STRING.
   */
  readonly type: pulumi.Input<string>;
  /** The value of the field. A DATE is read as YYYY-MM-DD. */
  readonly value?: pulumi.Input<string | undefined>;
}
