/** The JSON Schemas of the definitions by kind, copied from `metadata/schema` by `npm run generate`. Do not edit. */
import type { JsonSchema } from './json.js'

export const definitionSchemas: Readonly<Record<'entity' | 'form' | 'view' | 'lifecycle' | 'role' | 'dashboard' | 'calendar' | 'workflow' | 'segment' | 'layer' | 'texts', JsonSchema>> = {
 "entity": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "/schemas/entity.json",
  "title": "Entity",
  "description": "One kind of record, for example a member or a purchase. It is a JSON Schema of type object: every property is a field. Only what JSON Schema has no word for stands in the keyword `crm`. File: <entity>/entity.json; the folder is the entity's name in the API.",
  "type": "object",
  "required": [
   "type"
  ],
  "additionalProperties": false,
  "patternProperties": {
   "^x-": {
    "description": "Anything under a name that starts with x- is kept and ignored."
   }
  },
  "properties": {
   "$schema": {
    "type": "string",
    "title": "Schema",
    "description": "Address of the schema of this file, for editors."
   },
   "$id": {
    "type": "string",
    "title": "Address",
    "description": "Kept, not used."
   },
   "$comment": {
    "type": "string",
    "title": "Comment"
   },
   "$defs": {
    "$ref": "#/$defs/properties",
    "title": "Shared parts",
    "description": "Parts of the schema that properties refer to with $ref."
   },
   "definitions": {
    "$ref": "#/$defs/properties",
    "title": "Shared parts (old spelling)",
    "description": "The older name of $defs."
   },
   "type": {
    "const": "object",
    "title": "Type",
    "description": "Always object: a record."
   },
   "title": {
    "type": "string",
    "minLength": 1,
    "maxLength": 120,
    "title": "Title",
    "description": "What one record is called, for example Member."
   },
   "description": {
    "type": "string",
    "maxLength": 2000,
    "title": "Description",
    "description": "What these records are for."
   },
   "required": {
    "type": "array",
    "items": {
     "type": "string"
    },
    "uniqueItems": true,
    "title": "Required fields",
    "description": "Keys of the fields that every record must have."
   },
   "properties": {
    "$ref": "#/$defs/properties",
    "title": "Fields",
    "description": "The fields: key in the API → JSON Schema of the value."
   },
   "additionalProperties": {
    "type": "boolean",
    "title": "Additional properties",
    "description": "Accepted and not used: records never have fields that are not defined."
   },
   "unevaluatedProperties": {
    "type": "boolean",
    "title": "Unevaluated properties",
    "description": "Accepted and not used, like additionalProperties."
   },
   "examples": {
    "type": "array",
    "title": "Examples",
    "items": {}
   },
   "crm": {
    "$ref": "#/$defs/entityOptions"
   }
  },
  "$defs": {
   "properties": {
    "type": "object",
    "additionalProperties": {
     "$ref": "#/$defs/property"
    }
   },
   "entityOptions": {
    "title": "Entity settings",
    "description": "What JSON Schema has no word for.",
    "type": "object",
    "additionalProperties": false,
    "properties": {
     "id": {
      "$ref": "#/$defs/identity"
     },
     "plural": {
      "type": "string",
      "minLength": 1,
      "maxLength": 120,
      "title": "Plural title",
      "description": "What several records are called, for example Members."
     },
     "display": {
      "type": "string",
      "title": "Display field",
      "description": "Key of the field that names a record. Without it: the field name or title, else the first text field."
     },
     "facts": {
      "type": "array",
      "maxItems": 6,
      "uniqueItems": true,
      "title": "Key facts",
      "description": "Fields that stand beside the name of a record, where it is read and where it is looked up.",
      "items": {
       "type": "string"
      }
     },
     "timeline": {
      "type": "array",
      "maxItems": 12,
      "uniqueItems": true,
      "title": "Timeline",
      "description": "Related records that stand in the timeline of a record, each as relation and date or moment: purchases.at. Notes and tasks always stand there.",
      "items": {
       "type": "string"
      }
     },
     "notify": {
      "type": "object",
      "title": "Notifications",
      "description": "Who is told of a record: of being mentioned in it, of being given it, of a moment that has come.",
      "additionalProperties": false,
      "properties": {
       "mentioned": {
        "$ref": "#/$defs/told"
       },
       "assigned": {
        "$ref": "#/$defs/told"
       },
       "reminder": {
        "$ref": "#/$defs/reminded"
       }
      }
     },
     "icon": {
      "type": "string",
      "pattern": "^[a-z][a-z0-9-]{0,40}$",
      "title": "Icon",
      "description": "Name of one of the product's icons."
     },
     "history": {
      "type": "boolean",
      "default": true,
      "title": "Keep history",
      "description": "Who changed what and when is kept and shown."
     },
     "unique": {
      "type": "array",
      "title": "Unique combinations",
      "description": "Each entry lists fields whose values together may occur only once among records that are not archived.",
      "items": {
       "$ref": "#/$defs/fieldKeys"
      }
     },
     "indexes": {
      "type": "array",
      "title": "Indexes",
      "description": "Each entry lists fields, in order, that are searched or sorted together often.",
      "items": {
       "$ref": "#/$defs/fieldKeys"
      }
     },
     "duplicates": {
      "type": "array",
      "title": "Duplicate rules",
      "description": "Fields that make two records look like the same one; a name that ends in ~ is compared loosely.",
      "items": {
       "type": "object",
       "required": [
        "match"
       ],
       "additionalProperties": false,
       "properties": {
        "match": {
         "type": "array",
         "minItems": 1,
         "maxItems": 8,
         "items": {
          "type": "string"
         }
        }
       }
      }
     },
     "rules": {
      "type": "array",
      "maxItems": 100,
      "title": "Rules",
      "description": "What is done before a record is saved, whoever writes it, written in CEL over its fields: rules that set fields, from top to bottom, then conditions that every record must meet.",
      "items": {
       "$ref": "#/$defs/rule"
      }
     },
     "archived": {
      "type": "boolean",
      "title": "Archived",
      "description": "The entity is put away: it disappears from the API and the screens, its data stays."
     }
    }
   },
   "told": {
    "title": "Told",
    "type": "object",
    "required": [
     "to"
    ],
    "additionalProperties": false,
    "properties": {
     "to": {
      "type": "string",
      "title": "Who",
      "description": "Key of the field that names the people. They are told when a write names them."
     }
    }
   },
   "reminded": {
    "title": "Reminded",
    "type": "object",
    "required": [
     "to",
     "at"
    ],
    "additionalProperties": false,
    "properties": {
     "to": {
      "type": "string",
      "title": "Who",
      "description": "Key of the field that names the people."
     },
     "at": {
      "type": "string",
      "title": "When",
      "description": "Key of the date and time at which they are told."
     },
     "where": {
      "type": "object",
      "title": "Only if",
      "description": "A condition that the record must meet at that moment, for example that a task is still open."
     }
    }
   },
   "rule": {
    "title": "Rule",
    "type": "object",
    "if": {
     "required": [
      "set"
     ]
    },
    "then": {
     "$ref": "#/$defs/settingRule"
    },
    "else": {
     "$ref": "#/$defs/refusingRule"
    }
   },
   "settingRule": {
    "title": "Rule that sets fields",
    "type": "object",
    "required": [
     "set"
    ],
    "additionalProperties": false,
    "properties": {
     "when": {
      "type": "string",
      "minLength": 1,
      "maxLength": 2000,
      "title": "Only if",
      "description": "A CEL expression; the rule does something only where it is true, for example: tier == 'gold'"
     },
     "on": {
      "enum": [
       "create",
       "update"
      ],
      "title": "When",
      "description": "Only with new records, or only with changes of records that are there. Without it with both."
     },
     "changed": {
      "type": "array",
      "minItems": 1,
      "maxItems": 20,
      "uniqueItems": true,
      "items": {
       "type": "string"
      },
      "title": "Changed",
      "description": "Keys of fields: only when one of them differs from before; of a new record, when one of them has a value."
     },
     "set": {
      "type": "object",
      "minProperties": 1,
      "maxProperties": 50,
      "additionalProperties": {
       "type": "string",
       "minLength": 1,
       "maxLength": 2000
      },
      "title": "Set",
      "description": "Field key → CEL expression that gives its value, for example: { \"dueOn\": \"coalesce(dueOn, today + 7)\" }"
     }
    }
   },
   "refusingRule": {
    "title": "Rule that refuses",
    "type": "object",
    "required": [
     "cel",
     "message"
    ],
    "additionalProperties": false,
    "properties": {
     "cel": {
      "type": "string",
      "minLength": 1,
      "maxLength": 2000,
      "title": "Condition",
      "description": "A CEL expression that is true when the record is fine, for example: end == null || end >= start"
     },
     "message": {
      "type": "string",
      "minLength": 1,
      "maxLength": 300,
      "title": "Message",
      "description": "What the person reads when the record does not meet the condition."
     },
     "at": {
      "type": "string",
      "title": "Shown at",
      "description": "Key of the field that shows the message."
     }
    }
   },
   "fieldKeys": {
    "type": "array",
    "minItems": 1,
    "maxItems": 8,
    "uniqueItems": true,
    "items": {
     "type": "string"
    }
   },
   "identity": {
    "type": "string",
    "pattern": "^[A-Za-z][A-Za-z0-9_]{0,62}$",
    "title": "Identity",
    "description": "The name under which this was first published. It never changes; keep it when you rename, then no data moves."
   },
   "schemaOrBoolean": {
    "anyOf": [
     {
      "type": "boolean"
     },
     {
      "$ref": "#/$defs/property"
     }
    ]
   },
   "typeName": {
    "enum": [
     "string",
     "number",
     "integer",
     "boolean",
     "object",
     "array",
     "null"
    ]
   },
   "property": {
    "title": "Field",
    "description": "JSON Schema (2020-12) of one value, refined by crm.",
    "type": "object",
    "additionalProperties": false,
    "patternProperties": {
     "^x-": {
      "description": "Anything under a name that starts with x- is kept and ignored."
     }
    },
    "properties": {
     "$ref": {
      "type": "string",
      "title": "Reference",
      "description": "A part of this file, for example #/$defs/address."
     },
     "$id": {
      "type": "string"
     },
     "$anchor": {
      "type": "string"
     },
     "$schema": {
      "type": "string"
     },
     "$comment": {
      "type": "string"
     },
     "$defs": {
      "$ref": "#/$defs/properties"
     },
     "definitions": {
      "$ref": "#/$defs/properties"
     },
     "type": {
      "title": "JSON type",
      "anyOf": [
       {
        "$ref": "#/$defs/typeName"
       },
       {
        "type": "array",
        "minItems": 1,
        "uniqueItems": true,
        "items": {
         "$ref": "#/$defs/typeName"
        }
       }
      ]
     },
     "title": {
      "type": "string",
      "maxLength": 120,
      "title": "Title",
      "description": "What the field is called on the screens."
     },
     "description": {
      "type": "string",
      "maxLength": 2000,
      "title": "Help",
      "description": "What to fill in; shown beside the field."
     },
     "default": {
      "title": "Default",
      "description": "Value of a new record when nothing is given."
     },
     "examples": {
      "type": "array",
      "title": "Examples",
      "items": {}
     },
     "readOnly": {
      "type": "boolean",
      "title": "Read only",
      "description": "Only the system fills it."
     },
     "writeOnly": {
      "type": "boolean"
     },
     "deprecated": {
      "type": "boolean"
     },
     "enum": {
      "type": "array",
      "minItems": 1,
      "title": "Choices",
      "items": {}
     },
     "const": {
      "title": "Constant"
     },
     "format": {
      "type": "string",
      "title": "Format",
      "description": "For example email, uri, date, date-time."
     },
     "pattern": {
      "type": "string",
      "maxLength": 500,
      "title": "Pattern",
      "description": "A regular expression that the text must contain; RE2 syntax."
     },
     "minLength": {
      "type": "integer",
      "minimum": 0,
      "title": "Shortest"
     },
     "maxLength": {
      "type": "integer",
      "minimum": 0,
      "title": "Longest",
      "description": "In characters."
     },
     "contentEncoding": {
      "type": "string"
     },
     "contentMediaType": {
      "type": "string"
     },
     "minimum": {
      "type": "number",
      "title": "Smallest"
     },
     "maximum": {
      "type": "number",
      "title": "Largest"
     },
     "exclusiveMinimum": {
      "type": "number",
      "title": "Larger than"
     },
     "exclusiveMaximum": {
      "type": "number",
      "title": "Smaller than"
     },
     "multipleOf": {
      "type": "number",
      "exclusiveMinimum": 0,
      "title": "Multiple of"
     },
     "items": {
      "$ref": "#/$defs/schemaOrBoolean",
      "title": "Entries"
     },
     "contains": {
      "$ref": "#/$defs/schemaOrBoolean"
     },
     "minContains": {
      "type": "integer",
      "minimum": 0
     },
     "maxContains": {
      "type": "integer",
      "minimum": 0
     },
     "minItems": {
      "type": "integer",
      "minimum": 0,
      "title": "Fewest entries"
     },
     "maxItems": {
      "type": "integer",
      "minimum": 0,
      "title": "Most entries"
     },
     "uniqueItems": {
      "type": "boolean",
      "title": "No entry twice"
     },
     "properties": {
      "$ref": "#/$defs/properties",
      "title": "Parts"
     },
     "patternProperties": {
      "$ref": "#/$defs/properties"
     },
     "required": {
      "type": "array",
      "uniqueItems": true,
      "items": {
       "type": "string"
      },
      "title": "Required parts"
     },
     "additionalProperties": {
      "$ref": "#/$defs/schemaOrBoolean"
     },
     "propertyNames": {
      "$ref": "#/$defs/schemaOrBoolean"
     },
     "minProperties": {
      "type": "integer",
      "minimum": 0
     },
     "maxProperties": {
      "type": "integer",
      "minimum": 0
     },
     "dependentRequired": {
      "type": "object",
      "additionalProperties": {
       "type": "array",
       "uniqueItems": true,
       "items": {
        "type": "string"
       }
      }
     },
     "oneOf": {
      "type": "array",
      "minItems": 1,
      "items": {
       "$ref": "#/$defs/schemaOrBoolean"
      }
     },
     "anyOf": {
      "type": "array",
      "minItems": 1,
      "items": {
       "$ref": "#/$defs/schemaOrBoolean"
      }
     },
     "allOf": {
      "type": "array",
      "minItems": 1,
      "items": {
       "$ref": "#/$defs/schemaOrBoolean"
      }
     },
     "not": {
      "$ref": "#/$defs/schemaOrBoolean"
     },
     "if": {
      "$ref": "#/$defs/schemaOrBoolean"
     },
     "then": {
      "$ref": "#/$defs/schemaOrBoolean"
     },
     "else": {
      "$ref": "#/$defs/schemaOrBoolean"
     },
     "crm": {
      "$ref": "#/$defs/fieldOptions"
     }
    }
   },
   "fieldOptions": {
    "title": "Field settings",
    "description": "Settings that every field type knows; each type adds its own (for example to, inverse and onDelete of a reference).",
    "type": "object",
    "additionalProperties": true,
    "properties": {
     "type": {
      "type": "string",
      "title": "Field type",
      "description": "Name of the field type. Without it the type is inferred from the JSON Schema."
     },
     "id": {
      "$ref": "#/$defs/identity"
     },
     "search": {
      "type": "boolean",
      "title": "Searchable",
      "description": "The search box looks here."
     },
     "unique": {
      "type": "boolean",
      "title": "Unique",
      "description": "No two records that are not archived have the same value."
     },
     "index": {
      "type": "boolean",
      "title": "Indexed",
      "description": "Filtering and sorting by this field is fast."
     },
     "sensitive": {
      "type": "boolean",
      "title": "Sensitive",
      "description": "Personal data: looking at it is recorded."
     },
     "requiredWhen": {
      "type": "object",
      "minProperties": 1,
      "title": "Required when",
      "description": "A condition on other fields of the same record. While it holds, the field needs a value: whoever writes is refused otherwise, and forms mark it."
     },
     "archived": {
      "type": "boolean",
      "title": "Archived",
      "description": "The field is put away: it disappears from the API and the screens, its data stays."
     },
     "options": {
      "type": "object",
      "title": "Choices",
      "description": "How each choice is shown: value → title, colour and identity.",
      "additionalProperties": {
       "title": "Choice",
       "type": "object",
       "additionalProperties": false,
       "properties": {
        "title": {
         "type": "string",
         "minLength": 1,
         "maxLength": 120,
         "title": "Title"
        },
        "color": {
         "type": "string",
         "pattern": "^[a-z][a-z0-9-]{0,30}$",
         "title": "Colour",
         "description": "Name of one of the product's colours."
        },
        "id": {
         "type": "string",
         "minLength": 1,
         "maxLength": 120,
         "title": "Identity",
         "description": "The value under which this choice was first published."
        }
       }
      }
     }
    }
   }
  }
 },
 "form": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "/schemas/form.json",
  "title": "Form",
  "description": "How one record is laid out: a JSON Forms UI schema, plus the element RelatedList. File: <entity>/form.<name>.json; people get the first form that names one of their roles, else `default`.",
  "type": "object",
  "required": [
   "type"
  ],
  "additionalProperties": false,
  "properties": {
   "$schema": {
    "type": "string",
    "title": "Schema",
    "description": "Address of the schema of this file, for editors."
   },
   "title": {
    "type": "string",
    "minLength": 1,
    "maxLength": 120,
    "title": "Name",
    "description": "What administrators call the form."
   },
   "roles": {
    "type": "array",
    "minItems": 1,
    "uniqueItems": true,
    "title": "Roles",
    "description": "Names of roles whose holders get this form, also by inheritance. Left out: only `default` is for everybody else.",
    "items": {
     "type": "string"
    }
   },
   "position": {
    "type": "integer",
    "title": "Position",
    "description": "Forms are looked through in this order, the first one for a role of the person is theirs; without it after those that have one, by name."
   },
   "type": {
    "$ref": "#/$defs/elementType"
   },
   "label": {
    "$ref": "#/$defs/label"
   },
   "text": {
    "$ref": "#/$defs/text"
   },
   "scope": {
    "$ref": "#/$defs/scope"
   },
   "i18n": {
    "type": "string"
   },
   "options": {
    "$ref": "#/$defs/options"
   },
   "rule": {
    "$ref": "#/$defs/rule"
   },
   "elements": {
    "$ref": "#/$defs/elements"
   },
   "public": {
    "$ref": "#/$defs/public"
   }
  },
  "$defs": {
   "public": {
    "title": "Public form",
    "description": "Offers the form at /forms/<address> to people without an account. What stands on the form is all that they may set; they read nothing.",
    "type": "object",
    "required": [
     "address"
    ],
    "additionalProperties": false,
    "properties": {
     "address": {
      "type": "string",
      "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
      "maxLength": 60,
      "title": "Address",
      "description": "Last part of the page's address: small letters, digits and hyphens."
     },
     "title": {
      "type": "string",
      "minLength": 1,
      "maxLength": 120,
      "title": "Heading"
     },
     "lead": {
      "type": "string",
      "maxLength": 2000,
      "title": "Introduction"
     },
     "send": {
      "type": "string",
      "minLength": 1,
      "maxLength": 60,
      "title": "Text of the button"
     },
     "thanks": {
      "type": "string",
      "maxLength": 2000,
      "title": "Thanks",
      "description": "What is shown when it was sent."
     },
     "set": {
      "type": "object",
      "title": "Set",
      "description": "Values that every record made by this form gets, e.g. where it came from."
     }
    }
   },
   "elementType": {
    "enum": [
     "VerticalLayout",
     "HorizontalLayout",
     "Group",
     "Categorization",
     "Category",
     "Control",
     "Label",
     "RelatedList"
    ],
    "title": "Element type",
    "description": "A layout, a group with a heading, tabs (Categorization with Categories), a field (Control), a text (Label) or the list of records that refer to this one (RelatedList)."
   },
   "label": {
    "title": "Heading",
    "description": "Text of a group, a tab or a field; false hides a field's label.",
    "anyOf": [
     {
      "type": "string",
      "maxLength": 200
     },
     {
      "const": false
     }
    ]
   },
   "text": {
    "type": "string",
    "maxLength": 2000,
    "title": "Text",
    "description": "Of a Label."
   },
   "scope": {
    "type": "string",
    "title": "Field",
    "description": "For a Control: #/properties/<field>."
   },
   "options": {
    "type": "object",
    "title": "Options",
    "description": "Of a RelatedList: relation (its name) and columns (fields to show). Of a Control: how it is drawn."
   },
   "elements": {
    "type": "array",
    "title": "Elements",
    "items": {
     "$ref": "#/$defs/element"
    }
   },
   "element": {
    "title": "Form element",
    "type": "object",
    "required": [
     "type"
    ],
    "additionalProperties": false,
    "properties": {
     "type": {
      "$ref": "#/$defs/elementType"
     },
     "label": {
      "$ref": "#/$defs/label"
     },
     "text": {
      "$ref": "#/$defs/text"
     },
     "scope": {
      "$ref": "#/$defs/scope"
     },
     "i18n": {
      "type": "string"
     },
     "options": {
      "$ref": "#/$defs/options"
     },
     "rule": {
      "$ref": "#/$defs/rule"
     },
     "elements": {
      "$ref": "#/$defs/elements"
     }
    }
   },
   "rule": {
    "title": "Rule",
    "description": "Shows, hides, enables or disables the element depending on another field.",
    "type": "object",
    "required": [
     "effect",
     "condition"
    ],
    "additionalProperties": false,
    "properties": {
     "effect": {
      "enum": [
       "HIDE",
       "SHOW",
       "ENABLE",
       "DISABLE"
      ],
      "title": "Effect"
     },
     "condition": {
      "title": "Condition",
      "description": "Holds when the value at the scope fits the schema.",
      "type": "object",
      "required": [
       "scope",
       "schema"
      ],
      "additionalProperties": false,
      "properties": {
       "scope": {
        "$ref": "#/$defs/scope"
       },
       "schema": {
        "type": "object",
        "title": "Schema"
       },
       "failWhenUndefined": {
        "type": "boolean",
        "title": "Does not hold when empty"
       }
      }
     }
    }
   }
  }
 },
 "view": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "/schemas/view.json",
  "title": "View",
  "description": "A way to look at many records of one entity. File: <entity>/view.<name>.json.",
  "type": "object",
  "required": [
   "kind"
  ],
  "additionalProperties": false,
  "allOf": [
   {
    "if": {
     "required": [
      "kind"
     ],
     "properties": {
      "kind": {
       "const": "board"
      }
     }
    },
    "then": {
     "required": [
      "board"
     ]
    }
   },
   {
    "if": {
     "required": [
      "kind"
     ],
     "properties": {
      "kind": {
       "const": "calendar"
      }
     }
    },
    "then": {
     "required": [
      "calendar"
     ]
    }
   },
   {
    "if": {
     "required": [
      "kind"
     ],
     "properties": {
      "kind": {
       "const": "timeline"
      }
     }
    },
    "then": {
     "required": [
      "timeline"
     ]
    }
   },
   {
    "if": {
     "required": [
      "kind"
     ],
     "properties": {
      "kind": {
       "const": "map"
      }
     }
    },
    "then": {
     "required": [
      "map"
     ]
    }
   },
   {
    "if": {
     "required": [
      "kind"
     ],
     "properties": {
      "kind": {
       "const": "gallery"
      }
     }
    },
    "then": {
     "required": [
      "gallery"
     ]
    }
   },
   {
    "if": {
     "required": [
      "kind"
     ],
     "properties": {
      "kind": {
       "const": "chart"
      }
     }
    },
    "then": {
     "required": [
      "chart"
     ]
    }
   },
   {
    "if": {
     "required": [
      "kind"
     ],
     "properties": {
      "kind": {
       "const": "pivot"
      }
     }
    },
    "then": {
     "required": [
      "pivot"
     ]
    }
   }
  ],
  "properties": {
   "$schema": {
    "type": "string",
    "title": "Schema",
    "description": "Address of the schema of this file, for editors."
   },
   "kind": {
    "enum": [
     "list",
     "board",
     "calendar",
     "timeline",
     "map",
     "gallery",
     "chart",
     "pivot"
    ],
    "title": "Kind",
    "description": "list: rows and columns; board: cards in the columns of a field that lists its values; calendar: records on the days of a month or a week; timeline: records as bars from one day to another; map: records where they are; gallery: cards with pictures; chart: a drawing of what the records add up to; pivot: the same as a table of rows by columns."
   },
   "title": {
    "type": "string",
    "minLength": 1,
    "maxLength": 120,
    "title": "Title"
   },
   "columns": {
    "type": "array",
    "minItems": 1,
    "maxItems": 50,
    "uniqueItems": true,
    "title": "Columns",
    "description": "Field keys; store.name shows a field of the record that store points to.",
    "items": {
     "type": "string"
    }
   },
   "frozen": {
    "type": "integer",
    "minimum": 0,
    "maximum": 5,
    "title": "Columns that stay in sight",
    "description": "How many of the first columns stay in sight while the others scroll; one when it is left out."
   },
   "sort": {
    "type": "string",
    "title": "Order",
    "description": "Field keys separated by commas; a minus in front turns the order round, for example -at,name."
   },
   "filter": {
    "type": "object",
    "title": "Filter",
    "description": "A condition: only records that meet it are listed."
   },
   "groupBy": {
    "type": "array",
    "maxItems": 2,
    "uniqueItems": true,
    "title": "Group by",
    "description": "Field keys; a date with a bucket behind it: joinedOn:month (year, quarter, month, week, day).",
    "items": {
     "type": "string"
    }
   },
   "totals": {
    "type": "object",
    "maxProperties": 20,
    "title": "Totals",
    "description": "Field key → how the column is summed up over the whole list and in each group; count is the number of different values.",
    "additionalProperties": {
     "enum": [
      "sum",
      "avg",
      "min",
      "max",
      "count"
     ]
    }
   },
   "board": {
    "type": "object",
    "required": [
     "by"
    ],
    "additionalProperties": false,
    "title": "Board",
    "description": "Of a view of the kind board: what it has columns for. The columns of the view are what its cards show, its totals are summed up per column.",
    "properties": {
     "by": {
      "type": "string",
      "title": "Columns of",
      "description": "Key of a field that lists its values; a card that is moved gets the value of its new column."
     },
     "limits": {
      "type": "object",
      "maxProperties": 50,
      "title": "Limits",
      "description": "Value → how many cards its column should have at most; more are allowed and shown as too many.",
      "additionalProperties": {
       "type": "integer",
       "minimum": 1,
       "maximum": 100000
      }
     }
    }
   },
   "calendar": {
    "type": "object",
    "required": [
     "by"
    ],
    "additionalProperties": false,
    "title": "Calendar",
    "description": "Of a view of the kind calendar: on which days its records stand. Moments fall on the day of the reader's time zone.",
    "properties": {
     "by": {
      "type": "string",
      "title": "Day",
      "description": "Key of a date or moment; a record that is moved to another day gets that day."
     },
     "end": {
      "type": "string",
      "title": "Last day",
      "description": "Key of a second one, where records last longer than a day; it moves along."
     },
     "color": {
      "type": "string",
      "title": "Coloured by",
      "description": "Key of a field that lists its values, with their colours."
     }
    }
   },
   "timeline": {
    "type": "object",
    "required": [
     "by"
    ],
    "additionalProperties": false,
    "title": "Timeline",
    "description": "Of a view of the kind timeline: from when to when its records last. Moments fall on the day of the reader's time zone.",
    "properties": {
     "by": {
      "type": "string",
      "title": "First day",
      "description": "Key of a date or moment; a bar that is moved, or whose beginning is drawn, gets another one."
     },
     "end": {
      "type": "string",
      "title": "Last day",
      "description": "Key of a second one; without it, or where a record has none, the record lasts a day."
     },
     "group": {
      "type": "string",
      "title": "Rows for",
      "description": "Key of a reference or of a field that lists its values: records that have the same stand together."
     },
     "color": {
      "type": "string",
      "title": "Coloured by",
      "description": "Key of a field that lists its values, with their colours."
     }
    }
   },
   "map": {
    "type": "object",
    "required": [
     "at"
    ],
    "additionalProperties": false,
    "title": "Map",
    "description": "Of a view of the kind map: where its records stand. The columns of the view are what the list beside the map shows.",
    "properties": {
     "at": {
      "type": "string",
      "title": "Place",
      "description": "Key of a geo point."
     },
     "color": {
      "type": "string",
      "title": "Coloured by",
      "description": "Key of a field that lists its values, with their colours."
     }
    }
   },
   "gallery": {
    "type": "object",
    "required": [
     "picture"
    ],
    "additionalProperties": false,
    "title": "Gallery",
    "description": "Of a view of the kind gallery: what its cards begin with. The columns of the view are what stands below.",
    "properties": {
     "picture": {
      "type": "string",
      "title": "Picture",
      "description": "Key of an image field; the first picture of a record is shown."
     }
    }
   },
   "chart": {
    "$ref": "#/$defs/chart"
   },
   "pivot": {
    "$ref": "#/$defs/pivot"
   },
   "roles": {
    "type": "array",
    "minItems": 1,
    "uniqueItems": true,
    "title": "Shown to",
    "description": "Names of roles whose holders are offered this view, also by inheritance. Left out: everybody. This is about what is offered, not about rights: who may read the records can ask for them in another way.",
    "items": {
     "type": "string"
    }
   },
   "position": {
    "type": "integer",
    "title": "Position",
    "description": "Views are offered in this order; without it after those that have one, by name."
   }
  },
  "$defs": {
   "chart": {
    "type": "object",
    "required": [
     "type",
     "by"
    ],
    "additionalProperties": false,
    "title": "Chart",
    "description": "What is drawn: one bar, point or slice for each value of a field.",
    "properties": {
     "type": {
      "enum": [
       "bar",
       "line",
       "area",
       "donut"
      ],
      "title": "Form"
     },
     "by": {
      "type": "string",
      "title": "By",
      "description": "Key of the field; a date with a bucket behind it (at:month); a field of another record over a reference (store.region)."
     },
     "series": {
      "type": "string",
      "title": "Series",
      "description": "A second field, written alike: one colour for each of its values. Not for a donut."
     },
     "measure": {
      "$ref": "#/$defs/measure"
     },
     "limit": {
      "type": "integer",
      "minimum": 1,
      "maximum": 100,
      "title": "At most",
      "description": "Only so many values, those with the largest measures."
     }
    }
   },
   "pivot": {
    "type": "object",
    "required": [
     "rows"
    ],
    "additionalProperties": false,
    "title": "Pivot",
    "description": "A table of what the records add up to.",
    "properties": {
     "rows": {
      "type": "array",
      "minItems": 1,
      "maxItems": 2,
      "uniqueItems": true,
      "title": "Rows",
      "description": "One row for each value of a field, written as in groupBy.",
      "items": {
       "type": "string"
      }
     },
     "columns": {
      "type": "array",
      "maxItems": 1,
      "title": "Columns",
      "description": "One column for each value of a field.",
      "items": {
       "type": "string"
      }
     },
     "measure": {
      "$ref": "#/$defs/measure"
     }
    }
   },
   "measure": {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": false,
    "title": "Measure",
    "description": "What is counted or computed: {\"count\": true}, {\"count\": field} for different values, {\"sum\": field}, avg, min or max.",
    "properties": {
     "count": {
      "anyOf": [
       {
        "const": true
       },
       {
        "type": "string"
       }
      ]
     },
     "sum": {
      "type": "string"
     },
     "avg": {
      "type": "string"
     },
     "min": {
      "type": "string"
     },
     "max": {
      "type": "string"
     }
    }
   }
  }
 },
 "lifecycle": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "/schemas/lifecycle.json",
  "title": "Lifecycle",
  "description": "The states that a record goes through, and the transitions by which alone it gets from one to another (a statechart). File: <entity>/lifecycle.json.",
  "type": "object",
  "required": [
   "field",
   "initial",
   "states"
  ],
  "additionalProperties": false,
  "properties": {
   "$schema": {
    "type": "string",
    "title": "Schema",
    "description": "Address of the schema of this file, for editors."
   },
   "field": {
    "type": "string",
    "minLength": 1,
    "title": "Field",
    "description": "Key of the field whose value is the state: one that lists its values. Their titles and colours are those of its options."
   },
   "initial": {
    "type": "string",
    "title": "Initial state",
    "description": "Where every record begins."
   },
   "anyState": {
    "type": "array",
    "uniqueItems": true,
    "maxItems": 50,
    "items": {
     "type": "string"
    },
    "title": "May begin anywhere",
    "description": "Names of roles whose holders may create records in any state, for example to import old ones."
   },
   "sla": {
    "type": "object",
    "required": [
     "until",
     "breached",
     "to"
    ],
    "additionalProperties": false,
    "title": "Time limits",
    "description": "Where the limits of states are kept.",
    "properties": {
     "until": {
      "type": "string",
      "title": "Until",
      "description": "Key of a moment: when the time of the present state ends. Empty in states without a limit."
     },
     "breached": {
      "type": "string",
      "title": "Missed",
      "description": "Key of a yes/no field that becomes yes when the moment has come, and no in the next state."
     },
     "to": {
      "type": "string",
      "title": "Who is told",
      "description": "Key of a field that names people: they are reminded then."
     }
    }
   },
   "states": {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 200,
    "title": "States",
    "description": "One for each value of the field, by the value.",
    "additionalProperties": {
     "$ref": "#/$defs/state"
    }
   }
  },
  "$defs": {
   "state": {
    "title": "State",
    "type": "object",
    "additionalProperties": false,
    "properties": {
     "final": {
      "type": "boolean",
      "title": "Final",
      "description": "Records stay here: no transition leads away."
     },
     "entry": {
      "$ref": "#/$defs/action",
      "title": "On entry",
      "description": "What is set whenever a record comes into this state, also when it begins here."
     },
     "exit": {
      "$ref": "#/$defs/action",
      "title": "On exit",
      "description": "What is set whenever a record leaves this state."
     },
     "sla": {
      "type": "object",
      "required": [
       "within"
      ],
      "additionalProperties": false,
      "title": "Time limit",
      "properties": {
       "within": {
        "type": "string",
        "pattern": "^PT",
        "title": "Within",
        "description": "How long a record may stay here: hours, minutes and seconds as in ISO 8601, for example PT8H."
       },
       "calendar": {
        "type": "string",
        "title": "Calendar",
        "description": "Name of the calendar in whose hours that is counted; left out: all hours count."
       }
      }
     },
     "on": {
      "type": "object",
      "maxProperties": 50,
      "title": "Transitions",
      "description": "What leads away from here, by name. The same name may stand in several states.",
      "additionalProperties": {
       "$ref": "#/$defs/transition"
      }
     }
    }
   },
   "action": {
    "title": "Action",
    "type": "object",
    "additionalProperties": false,
    "properties": {
     "set": {
      "$ref": "#/$defs/set"
     }
    }
   },
   "set": {
    "type": "object",
    "maxProperties": 50,
    "title": "Set",
    "description": "Field key → value; null empties the field. now, now+2d and the like stand for a moment or a day, $user.<field> for a field of whoever does it."
   },
   "transition": {
    "title": "Transition",
    "type": "object",
    "required": [
     "target"
    ],
    "additionalProperties": false,
    "properties": {
     "target": {
      "type": "string",
      "title": "Leads to",
      "description": "The state that the record is in afterwards."
     },
     "title": {
      "type": "string",
      "minLength": 1,
      "maxLength": 120,
      "title": "Title",
      "description": "What stands on the button; left out: what the state is called that it leads to."
     },
     "description": {
      "type": "string",
      "maxLength": 2000,
      "title": "Description"
     },
     "require": {
      "type": "array",
      "uniqueItems": true,
      "maxItems": 20,
      "items": {
       "type": "string"
      },
      "title": "Required",
      "description": "Keys of fields that must have a value; who makes the transition is asked for those that have none."
     },
     "guard": {
      "type": "object",
      "title": "Guard",
      "description": "A condition that the record must meet, with the values that were given."
     },
     "message": {
      "type": "string",
      "minLength": 1,
      "maxLength": 300,
      "title": "Message",
      "description": "What is said where the guard does not hold."
     },
     "roles": {
      "type": "array",
      "uniqueItems": true,
      "minItems": 1,
      "maxItems": 50,
      "items": {
       "type": "string"
      },
      "title": "Roles",
      "description": "Names of the roles that may make it; left out: everybody who may change the record."
     },
     "set": {
      "$ref": "#/$defs/set"
     }
    }
   }
  }
 },
 "role": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "/schemas/role.json",
  "title": "Role",
  "description": "What people with this role may see and do. What is not granted does not exist for them. Several roles of one person add up. File: roles/<name>.json.",
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "$schema": {
    "type": "string",
    "title": "Schema",
    "description": "Address of the schema of this file, for editors."
   },
   "title": {
    "type": "string",
    "minLength": 1,
    "maxLength": 120,
    "title": "Title"
   },
   "description": {
    "type": "string",
    "maxLength": 2000,
    "title": "Description"
   },
   "inherits": {
    "type": "array",
    "uniqueItems": true,
    "items": {
     "type": "string"
    },
    "title": "Inherits",
    "description": "Names of roles whose grants this role has too."
   },
   "design": {
    "type": "boolean",
    "title": "May design",
    "description": "May open the studio and publish changes to the definitions."
   },
   "audit": {
    "type": "boolean",
    "title": "May read the audit log",
    "description": "May see who signed in, looked at, exported and changed what, and changes of rights, in all entities: names of records and fields, never values."
   },
   "people": {
    "type": "boolean",
    "title": "May administer people",
    "description": "May invite people, give them roles that this role has itself, block them, end their sessions and make API tokens for them, as far as it may change users."
   },
   "archived": {
    "type": "boolean",
    "title": "Archived",
    "description": "Put away: it grants nothing. People keep its name, so that it can come back."
   },
   "tests": {
    "type": "object",
    "title": "Access tests",
    "description": "Name of the test → what must stay so.",
    "additionalProperties": {
     "$ref": "#/$defs/test"
    }
   },
   "share": {
    "type": "boolean",
    "title": "May share views",
    "description": "May offer saved views to the roles that they have themselves. What a reader sees in one is limited by the reader's own rights."
   },
   "entities": {
    "type": "object",
    "title": "Entities",
    "description": "Entity name → what is granted; * stands for every entity that is not named.",
    "additionalProperties": {
     "$ref": "#/$defs/grant"
    }
   }
  },
  "$defs": {
   "test": {
    "title": "Access test",
    "description": "What must stay so: asked of the role, with all that it inherits, at every publish, which it stops when it is not so.",
    "type": "object",
    "additionalProperties": false,
    "required": [
     "entity",
     "action",
     "may"
    ],
    "properties": {
     "entity": {
      "type": "string",
      "title": "Entity"
     },
     "action": {
      "enum": [
       "read",
       "create",
       "update",
       "archive",
       "purge",
       "export",
       "history"
      ],
      "title": "Action"
     },
     "field": {
      "type": "string",
      "title": "Field",
      "description": "Key of a field, with read, create and update. Left out: the record as a whole."
     },
     "may": {
      "enum": [
       "no",
       "masked",
       "limited",
       "yes"
      ],
      "title": "May",
      "description": "no: on no record; masked: read, and never in full; limited: on some records only; yes: on all."
     }
    }
   },
   "grant": {
    "title": "Grant",
    "type": "object",
    "additionalProperties": false,
    "properties": {
     "read": {
      "title": "Read",
      "anyOf": [
       {
        "type": "boolean"
       },
       {
        "$ref": "#/$defs/readRule"
       }
      ]
     },
     "create": {
      "title": "Create",
      "anyOf": [
       {
        "type": "boolean"
       },
       {
        "$ref": "#/$defs/writeRule"
       }
      ]
     },
     "update": {
      "title": "Change",
      "anyOf": [
       {
        "type": "boolean"
       },
       {
        "$ref": "#/$defs/writeRule"
       }
      ]
     },
     "archive": {
      "title": "Archive",
      "anyOf": [
       {
        "type": "boolean"
       },
       {
        "$ref": "#/$defs/rowRule"
       }
      ]
     },
     "purge": {
      "title": "Erase",
      "anyOf": [
       {
        "type": "boolean"
       },
       {
        "$ref": "#/$defs/rowRule"
       }
      ]
     },
     "export": {
      "title": "Export",
      "anyOf": [
       {
        "type": "boolean"
       },
       {
        "$ref": "#/$defs/rowRule"
       }
      ]
     },
     "history": {
      "title": "See history",
      "type": "boolean"
     }
    }
   },
   "where": {
    "type": "object",
    "title": "Rows",
    "description": "A condition on the record; $user.<field> stands for a field of the person's own user record. Left out: every row."
   },
   "follows": {
    "type": "string",
    "minLength": 1,
    "title": "Follows",
    "description": "Key of a reference: only records that point by it to a record which the person may read. With a condition as well, both must hold."
   },
   "rowRule": {
    "title": "Row rule",
    "type": "object",
    "additionalProperties": false,
    "properties": {
     "where": {
      "$ref": "#/$defs/where"
     },
     "follows": {
      "$ref": "#/$defs/follows"
     }
    }
   },
   "readRule": {
    "title": "Read rule",
    "type": "object",
    "additionalProperties": false,
    "properties": {
     "where": {
      "$ref": "#/$defs/where"
     },
     "follows": {
      "$ref": "#/$defs/follows"
     },
     "fields": {
      "title": "Fields",
      "description": "Left out: every field. A list names the fields that are seen; an object says for each true, false or masked, and * stands for every field that is not named.",
      "anyOf": [
       {
        "$ref": "#/$defs/fieldList"
       },
       {
        "type": "object",
        "additionalProperties": {
         "enum": [
          true,
          false,
          "masked"
         ]
        }
       }
      ]
     }
    }
   },
   "writeRule": {
    "title": "Write rule",
    "type": "object",
    "additionalProperties": false,
    "properties": {
     "where": {
      "$ref": "#/$defs/where"
     },
     "follows": {
      "$ref": "#/$defs/follows"
     },
     "fields": {
      "title": "Fields",
      "description": "Left out: every field. A list names the fields that may be set; an object says for each true or false, and * stands for every field that is not named.",
      "anyOf": [
       {
        "$ref": "#/$defs/fieldList"
       },
       {
        "type": "object",
        "additionalProperties": {
         "type": "boolean"
        }
       }
      ]
     }
    }
   },
   "fieldList": {
    "type": "array",
    "uniqueItems": true,
    "items": {
     "type": "string"
    }
   }
  }
 },
 "dashboard": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "/schemas/dashboard.json",
  "title": "Dashboard",
  "description": "Figures at a glance for some roles. File: dashboards/<name>.json.",
  "type": "object",
  "required": [
   "title",
   "tiles"
  ],
  "additionalProperties": false,
  "properties": {
   "$schema": {
    "type": "string",
    "title": "Schema",
    "description": "Address of the schema of this file, for editors."
   },
   "title": {
    "type": "string",
    "minLength": 1,
    "maxLength": 120,
    "title": "Title"
   },
   "roles": {
    "type": "array",
    "uniqueItems": true,
    "maxItems": 50,
    "title": "Roles",
    "description": "Who has it; without it everybody who may see one of its tiles.",
    "items": {
     "type": "string"
    }
   },
   "position": {
    "type": "integer",
    "title": "Position",
    "description": "Dashboards are offered in this order, the first on the start page; without it after those that have one, by name."
   },
   "period": {
    "type": "object",
    "required": [
     "default"
    ],
    "additionalProperties": false,
    "title": "Period",
    "description": "Lets people choose a span of time for the whole page.",
    "properties": {
     "default": {
      "enum": [
       "days7",
       "days30",
       "days90",
       "month",
       "quarter",
       "year",
       "months12",
       "all"
      ],
      "title": "At first"
     },
     "newest": {
      "type": "string",
      "title": "Until",
      "description": "An entity and one of its dates or moments (purchase.at): periods end with the newest one, for figures that are brought in later. Without it they end today."
     }
    }
   },
   "filters": {
    "type": "object",
    "maxProperties": 6,
    "title": "Filters",
    "description": "What else the whole page can be narrowed by. Name → filter; tiles say by which of their fields.",
    "additionalProperties": {
     "type": "object",
     "required": [
      "field"
     ],
     "additionalProperties": false,
     "properties": {
      "title": {
       "type": "string",
       "minLength": 1,
       "maxLength": 120,
       "title": "Title",
       "description": "Without it that of the field."
      },
      "field": {
       "type": "string",
       "title": "Field",
       "description": "An entity and one of its fields, whose values can be chosen: purchase.store."
      }
     }
    }
   },
   "tiles": {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 40,
    "title": "Tiles",
    "description": "Name → tile, in the order of the page.",
    "additionalProperties": {
     "$ref": "#/$defs/tile"
    }
   }
  },
  "$defs": {
   "tile": {
    "type": "object",
    "required": [
     "kind",
     "title",
     "entity"
    ],
    "additionalProperties": false,
    "description": "One figure, chart or list over the records of an entity.",
    "properties": {
     "kind": {
      "enum": [
       "number",
       "goal",
       "chart",
       "pivot",
       "list",
       "funnel"
      ],
      "title": "Kind"
     },
     "title": {
      "type": "string",
      "minLength": 1,
      "maxLength": 120,
      "title": "Title"
     },
     "entity": {
      "type": "string",
      "title": "Entity"
     },
     "filter": {
      "type": "object",
      "title": "Filter",
      "description": "A condition: only records that meet it count."
     },
     "period": {
      "type": "string",
      "title": "Period",
      "description": "The date or moment that the page's period is about; without it the tile stays as it is."
     },
     "filters": {
      "type": "object",
      "maxProperties": 6,
      "title": "Filters",
      "description": "Name of a filter of the page → the field that it is about, also over references (member.store).",
      "additionalProperties": {
       "type": "string"
      }
     },
     "width": {
      "type": "integer",
      "minimum": 2,
      "maximum": 12,
      "title": "Width",
      "description": "Of twelve columns; on narrow screens tiles stand below each other."
     },
     "position": {
      "type": "integer",
      "title": "Position",
      "description": "Tiles stand in this order; without it after those that have one."
     },
     "measure": {
      "$ref": "#/$defs/measure"
     },
     "better": {
      "enum": [
       "more",
       "less"
      ],
      "title": "Better",
      "description": "Of a number: whether it is good when it grows. Without it neither is."
     },
     "goal": {
      "type": "object",
      "required": [
       "value"
      ],
      "additionalProperties": false,
      "title": "Goal",
      "description": "Of a goal: what is to be reached.",
      "properties": {
       "value": {
        "type": "number",
        "exclusiveMinimum": 0,
        "title": "Value"
       },
       "per": {
        "enum": [
         "day",
         "week",
         "month",
         "year"
        ],
        "title": "In",
        "description": "The value is meant for so long; for another period it is taken in proportion."
       }
      }
     },
     "chart": {
      "$ref": "#/$defs/chart"
     },
     "pivot": {
      "$ref": "#/$defs/pivot"
     },
     "list": {
      "type": "object",
      "required": [
       "columns"
      ],
      "additionalProperties": false,
      "title": "List",
      "description": "Of a list: the first records of it.",
      "properties": {
       "columns": {
        "type": "array",
        "minItems": 1,
        "maxItems": 8,
        "uniqueItems": true,
        "title": "Columns",
        "items": {
         "type": "string"
        }
       },
       "sort": {
        "type": "string",
        "title": "Order"
       },
       "limit": {
        "type": "integer",
        "minimum": 1,
        "maximum": 20,
        "title": "At most"
       }
      }
     },
     "steps": {
      "type": "array",
      "minItems": 2,
      "maxItems": 10,
      "title": "Steps",
      "description": "Of a funnel: from all to few, each with the condition of those who came so far.",
      "items": {
       "type": "object",
       "required": [
        "title"
       ],
       "additionalProperties": false,
       "properties": {
        "title": {
         "type": "string",
         "minLength": 1,
         "maxLength": 120,
         "title": "Title"
        },
        "filter": {
         "type": "object",
         "title": "Filter",
         "description": "A condition besides that of the tile."
        }
       }
      }
     }
    }
   },
   "chart": {
    "type": "object",
    "required": [
     "type",
     "by"
    ],
    "additionalProperties": false,
    "title": "Chart",
    "description": "What is drawn: one bar, point or slice for each value of a field.",
    "properties": {
     "type": {
      "enum": [
       "bar",
       "line",
       "area",
       "donut"
      ],
      "title": "Form"
     },
     "by": {
      "type": "string",
      "title": "By",
      "description": "Key of the field; a date with a bucket behind it (at:month); a field of another record over a reference (store.region)."
     },
     "series": {
      "type": "string",
      "title": "Series",
      "description": "A second field, written alike: one colour for each of its values. Not for a donut."
     },
     "measure": {
      "$ref": "#/$defs/measure"
     },
     "limit": {
      "type": "integer",
      "minimum": 1,
      "maximum": 100,
      "title": "At most",
      "description": "Only so many values, those with the largest measures."
     }
    }
   },
   "pivot": {
    "type": "object",
    "required": [
     "rows"
    ],
    "additionalProperties": false,
    "title": "Pivot",
    "description": "A table of what the records add up to.",
    "properties": {
     "rows": {
      "type": "array",
      "minItems": 1,
      "maxItems": 2,
      "uniqueItems": true,
      "title": "Rows",
      "description": "One row for each value of a field, written as in groupBy.",
      "items": {
       "type": "string"
      }
     },
     "columns": {
      "type": "array",
      "maxItems": 1,
      "title": "Columns",
      "description": "One column for each value of a field.",
      "items": {
       "type": "string"
      }
     },
     "measure": {
      "$ref": "#/$defs/measure"
     }
    }
   },
   "measure": {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": false,
    "title": "Measure",
    "description": "What is counted or computed: {\"count\": true}, {\"count\": field} for different values, {\"sum\": field}, avg, min or max.",
    "properties": {
     "count": {
      "anyOf": [
       {
        "const": true
       },
       {
        "type": "string"
       }
      ]
     },
     "sum": {
      "type": "string"
     },
     "avg": {
      "type": "string"
     },
     "min": {
      "type": "string"
     },
     "max": {
      "type": "string"
     }
    }
   }
  }
 },
 "calendar": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "/schemas/calendar.json",
  "title": "Calendar",
  "description": "When people work: what time limits of lifecycles are counted in. File: calendars/<name>.json.",
  "type": "object",
  "required": [
   "hours"
  ],
  "additionalProperties": false,
  "properties": {
   "$schema": {
    "type": "string",
    "title": "Schema",
    "description": "Address of the schema of this file, for editors."
   },
   "title": {
    "type": "string",
    "minLength": 1,
    "maxLength": 120,
    "title": "Title"
   },
   "timeZone": {
    "type": "string",
    "title": "Time zone",
    "description": "IANA name of the zone in which the hours are meant; left out: that of the definitions."
   },
   "hours": {
    "type": "object",
    "title": "Hours",
    "description": "The spans of work of each day of the week; a day that is left out is free.",
    "additionalProperties": false,
    "properties": {
     "mon": {
      "$ref": "#/$defs/spans"
     },
     "tue": {
      "$ref": "#/$defs/spans"
     },
     "wed": {
      "$ref": "#/$defs/spans"
     },
     "thu": {
      "$ref": "#/$defs/spans"
     },
     "fri": {
      "$ref": "#/$defs/spans"
     },
     "sat": {
      "$ref": "#/$defs/spans"
     },
     "sun": {
      "$ref": "#/$defs/spans"
     }
    }
   },
   "holidays": {
    "type": "array",
    "uniqueItems": true,
    "maxItems": 2000,
    "items": {
     "type": "string",
     "format": "date"
    },
    "title": "Holidays",
    "description": "Days on which nobody works."
   }
  },
  "$defs": {
   "spans": {
    "title": "Spans",
    "type": "array",
    "maxItems": 10,
    "items": {
     "type": "object",
     "required": [
      "from",
      "to"
     ],
     "additionalProperties": false,
     "properties": {
      "from": {
       "type": "string",
       "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
       "title": "From"
      },
      "to": {
       "type": "string",
       "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
       "title": "To"
      }
     }
    }
   }
  }
 },
 "workflow": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "/schemas/workflow.json",
  "title": "Workflow",
  "description": "Steps that run by themselves: a document of the Serverless Workflow DSL 1.0. File: workflows/<name>.json.",
  "type": "object",
  "additionalProperties": false,
  "required": [
   "document",
   "do"
  ],
  "properties": {
   "$schema": {
    "type": "string",
    "title": "Schema",
    "description": "Address of the schema of this file, for editors."
   },
   "document": {
    "$ref": "#/$defs/document"
   },
   "input": {
    "$ref": "#/$defs/input"
   },
   "use": {
    "$ref": "#/$defs/use"
   },
   "do": {
    "$ref": "#/$defs/tasks"
   },
   "timeout": {
    "$ref": "#/$defs/timeoutOrName"
   },
   "output": {
    "$ref": "#/$defs/output"
   },
   "schedule": {
    "$ref": "#/$defs/schedule"
   },
   "evaluate": {
    "$ref": "#/$defs/evaluate"
   }
  },
  "$defs": {
   "keptTest": {
    "type": "object",
    "title": "Test",
    "required": [
     "expect"
    ],
    "additionalProperties": false,
    "properties": {
     "input": {
      "title": "Input",
      "description": "What it begins with."
     },
     "clock": {
      "type": "object",
      "title": "Clock",
      "required": [
       "start"
      ],
      "additionalProperties": false,
      "properties": {
       "start": {
        "type": "string",
        "format": "date-time",
        "title": "Start"
       },
       "until": {
        "type": "string",
        "format": "date-time",
        "title": "Until",
        "description": "How far the clock is moved over what it waits for."
       }
      }
     },
     "answers": {
      "type": "object",
      "title": "Answers",
      "description": "Name or path of a step → what it answers; { \"error\": ... } makes it fail."
     },
     "events": {
      "type": "array",
      "maxItems": 100,
      "items": {
       "type": "object"
      },
      "title": "Events",
      "description": "What it hears when it listens, in this order."
     },
     "expect": {
      "type": "object",
      "title": "Expected",
      "minProperties": 1,
      "additionalProperties": false,
      "properties": {
       "status": {
        "enum": [
         "running",
         "waiting",
         "completed",
         "faulted"
        ],
        "title": "Status"
       },
       "output": {
        "title": "Output"
       },
       "steps": {
        "type": "array",
        "maxItems": 1000,
        "title": "Steps",
        "description": "The steps in the order in which they begin.",
        "items": {
         "type": "object",
         "required": [
          "name"
         ],
         "additionalProperties": false,
         "properties": {
          "name": {
           "type": "string",
           "title": "Name"
          },
          "call": {
           "type": "string",
           "title": "Call"
          },
          "with": {
           "type": "object",
           "title": "With",
           "description": "What the call is given."
          }
         }
        }
       }
      }
     }
    }
   },
   "document": {
    "type": "object",
    "title": "Document",
    "required": [
     "dsl",
     "namespace",
     "name"
    ],
    "additionalProperties": false,
    "properties": {
     "dsl": {
      "type": "string",
      "pattern": "^1\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?$",
      "title": "DSL",
      "description": "Version of the language, such as 1.0.0."
     },
     "namespace": {
      "type": "string",
      "pattern": "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
      "title": "Namespace"
     },
     "name": {
      "type": "string",
      "pattern": "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
      "title": "Name"
     },
     "version": {
      "type": "string",
      "pattern": "^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$",
      "title": "Version"
     },
     "title": {
      "type": "string",
      "maxLength": 120,
      "title": "Title"
     },
     "summary": {
      "type": "string",
      "maxLength": 4000,
      "title": "Summary",
      "description": "What it is for, in Markdown."
     },
     "tags": {
      "type": "object",
      "title": "Tags"
     },
     "metadata": {
      "type": "object",
      "title": "Further facts",
      "additionalProperties": true,
      "properties": {
       "role": {
        "type": "string",
        "title": "Acts as",
        "description": "The role that its runs act with. Without one they act for whoever started them."
       },
       "start": {
        "type": "array",
        "items": {
         "type": "string"
        },
        "title": "Started by",
        "description": "Roles whose holders may start it by hand."
       },
       "entity": {
        "type": "string",
        "title": "On records of",
        "description": "API name of the entity on whose records it is started by hand: they get a button."
       },
       "form": {
        "type": "object",
        "title": "Asked before",
        "description": "JSON Schema of what is asked before it is started by hand."
       },
       "tests": {
        "type": "object",
        "maxProperties": 50,
        "title": "Tests",
        "description": "Simulations under names; each must go as it says, or the workflow cannot be published.",
        "additionalProperties": {
         "$ref": "#/$defs/keptTest"
        }
       }
      }
     }
    }
   },
   "evaluate": {
    "type": "object",
    "title": "Expressions",
    "additionalProperties": false,
    "properties": {
     "language": {
      "enum": [
       "jq",
       "cel"
      ],
      "title": "Language",
      "description": "jq when it is left out; cel is the language of computed fields."
     },
     "mode": {
      "enum": [
       "strict",
       "loose"
      ],
      "title": "Mode",
      "description": "strict: only texts like ${ ... } are expressions. loose: every text is tried as one."
     }
    }
   },
   "use": {
    "type": "object",
    "title": "Used by name",
    "additionalProperties": false,
    "properties": {
     "authentications": {
      "type": "object",
      "additionalProperties": {
       "$ref": "#/$defs/authentication"
      },
      "title": "Authentications"
     },
     "errors": {
      "type": "object",
      "additionalProperties": {
       "$ref": "#/$defs/error"
      },
      "title": "Errors"
     },
     "functions": {
      "type": "object",
      "additionalProperties": {
       "$ref": "#/$defs/task"
      },
      "title": "Functions"
     },
     "retries": {
      "type": "object",
      "additionalProperties": {
       "$ref": "#/$defs/retry"
      },
      "title": "Retries"
     },
     "timeouts": {
      "type": "object",
      "additionalProperties": {
       "$ref": "#/$defs/timeout"
      },
      "title": "Timeouts"
     },
     "secrets": {
      "type": "array",
      "items": {
       "type": "string"
      },
      "title": "Secrets"
     },
     "extensions": {
      "type": "array",
      "items": {
       "type": "object"
      },
      "title": "Extensions"
     },
     "catalogs": {
      "type": "object",
      "title": "Catalogues"
     }
    }
   },
   "schedule": {
    "type": "object",
    "title": "Begins by itself",
    "additionalProperties": false,
    "properties": {
     "every": {
      "$ref": "#/$defs/duration"
     },
     "cron": {
      "type": "string",
      "maxLength": 200,
      "title": "Cron",
      "description": "Minutes, hours, days, months, weekdays, in the zone of the deployment."
     },
     "after": {
      "$ref": "#/$defs/duration"
     },
     "on": {
      "$ref": "#/$defs/events"
     },
     "hook": {
      "$ref": "#/$defs/hook"
     }
    }
   },
   "hook": {
    "type": "object",
    "title": "By another system",
    "description": "Begins when a signed message comes in at /api/hooks/<name of the workflow>; the message is the input.",
    "additionalProperties": false,
    "required": [
     "secret"
    ],
    "properties": {
     "secret": {
      "type": "string",
      "pattern": "^[A-Z][A-Z0-9_]{0,59}$",
      "title": "Secret",
      "description": "Name of the secret that the sender signs with."
     },
     "scheme": {
      "enum": [
       "standard",
       "stripe",
       "github",
       "shopify"
      ],
      "title": "Signature",
      "description": "standard (when it is left out): Standard Webhooks; the others as those services sign."
     }
    }
   },
   "tasks": {
    "type": "array",
    "title": "Tasks",
    "description": "One after the other; each is an object with one member, its name.",
    "minItems": 1,
    "items": {
     "type": "object",
     "minProperties": 1,
     "maxProperties": 1,
     "additionalProperties": {
      "$ref": "#/$defs/task"
     }
    }
   },
   "task": {
    "type": "object",
    "title": "Task",
    "additionalProperties": false,
    "properties": {
     "if": {
      "type": "string",
      "title": "Only if"
     },
     "input": {
      "$ref": "#/$defs/input"
     },
     "output": {
      "$ref": "#/$defs/output"
     },
     "export": {
      "$ref": "#/$defs/export"
     },
     "timeout": {
      "$ref": "#/$defs/timeoutOrName"
     },
     "then": {
      "type": "string",
      "title": "Then",
      "description": "continue, exit, end, or the name of a task beside it."
     },
     "metadata": {
      "type": "object",
      "title": "Further facts"
     },
     "call": {
      "type": "string",
      "title": "Call"
     },
     "with": {
      "type": "object",
      "title": "With"
     },
     "do": {
      "$ref": "#/$defs/tasks"
     },
     "emit": {
      "$ref": "#/$defs/emit"
     },
     "for": {
      "$ref": "#/$defs/for"
     },
     "while": {
      "type": "string",
      "title": "While"
     },
     "fork": {
      "$ref": "#/$defs/fork"
     },
     "listen": {
      "$ref": "#/$defs/listen"
     },
     "foreach": {
      "type": "object",
      "title": "For each event"
     },
     "raise": {
      "$ref": "#/$defs/raise"
     },
     "run": {
      "$ref": "#/$defs/run"
     },
     "set": {
      "title": "Set",
      "anyOf": [
       {
        "type": "object"
       },
       {
        "type": "string"
       }
      ]
     },
     "switch": {
      "$ref": "#/$defs/cases"
     },
     "try": {
      "$ref": "#/$defs/tasks"
     },
     "catch": {
      "$ref": "#/$defs/catch"
     },
     "wait": {
      "$ref": "#/$defs/duration"
     }
    }
   },
   "input": {
    "type": "object",
    "title": "Input",
    "additionalProperties": false,
    "properties": {
     "schema": {
      "$ref": "#/$defs/schema"
     },
     "from": {
      "title": "From",
      "description": "An expression, or an object with expressions in it."
     }
    }
   },
   "output": {
    "type": "object",
    "title": "Output",
    "additionalProperties": false,
    "properties": {
     "schema": {
      "$ref": "#/$defs/schema"
     },
     "as": {
      "title": "As",
      "description": "An expression, or an object with expressions in it."
     }
    }
   },
   "export": {
    "type": "object",
    "title": "Export",
    "additionalProperties": false,
    "properties": {
     "schema": {
      "$ref": "#/$defs/schema"
     },
     "as": {
      "title": "As",
      "description": "What the context is from now on."
     }
    }
   },
   "schema": {
    "type": "object",
    "title": "Schema",
    "required": [
     "document"
    ],
    "additionalProperties": false,
    "properties": {
     "format": {
      "type": "string",
      "pattern": "^json(:.*)?$",
      "title": "Format"
     },
     "document": {
      "type": "object",
      "title": "JSON Schema"
     }
    }
   },
   "timeout": {
    "type": "object",
    "title": "Timeout",
    "required": [
     "after"
    ],
    "additionalProperties": false,
    "properties": {
     "after": {
      "$ref": "#/$defs/duration"
     }
    }
   },
   "timeoutOrName": {
    "title": "Timeout",
    "anyOf": [
     {
      "type": "string"
     },
     {
      "$ref": "#/$defs/timeout"
     }
    ]
   },
   "duration": {
    "title": "Length of time",
    "anyOf": [
     {
      "type": "string",
      "minLength": 1,
      "description": "ISO 8601 such as P1DT2H, or an expression."
     },
     {
      "type": "object",
      "minProperties": 1,
      "additionalProperties": false,
      "properties": {
       "days": {
        "type": "integer",
        "minimum": 0
       },
       "hours": {
        "type": "integer",
        "minimum": 0
       },
       "minutes": {
        "type": "integer",
        "minimum": 0
       },
       "seconds": {
        "type": "integer",
        "minimum": 0
       },
       "milliseconds": {
        "type": "integer",
        "minimum": 0
       }
      }
     }
    ]
   },
   "error": {
    "type": "object",
    "title": "Error",
    "required": [
     "type",
     "status"
    ],
    "additionalProperties": false,
    "properties": {
     "type": {
      "type": "string",
      "title": "Type"
     },
     "status": {
      "title": "Status",
      "anyOf": [
       {
        "type": "integer"
       },
       {
        "type": "string"
       }
      ]
     },
     "instance": {
      "type": "string",
      "title": "Instance"
     },
     "title": {
      "type": "string",
      "title": "Title"
     },
     "detail": {
      "type": "string",
      "title": "Detail"
     }
    }
   },
   "raise": {
    "type": "object",
    "title": "Raise",
    "required": [
     "error"
    ],
    "additionalProperties": false,
    "properties": {
     "error": {
      "title": "Error",
      "anyOf": [
       {
        "type": "string"
       },
       {
        "$ref": "#/$defs/error"
       }
      ]
     }
    }
   },
   "for": {
    "type": "object",
    "title": "For",
    "required": [
     "in"
    ],
    "additionalProperties": false,
    "properties": {
     "each": {
      "type": "string",
      "title": "Each"
     },
     "in": {
      "type": "string",
      "title": "In"
     },
     "at": {
      "type": "string",
      "title": "At"
     }
    }
   },
   "fork": {
    "type": "object",
    "title": "Fork",
    "required": [
     "branches"
    ],
    "additionalProperties": false,
    "properties": {
     "branches": {
      "$ref": "#/$defs/tasks"
     },
     "compete": {
      "type": "boolean",
      "title": "Compete"
     }
    }
   },
   "cases": {
    "type": "array",
    "title": "Switch",
    "minItems": 1,
    "items": {
     "type": "object",
     "minProperties": 1,
     "maxProperties": 1,
     "additionalProperties": {
      "$ref": "#/$defs/case"
     }
    }
   },
   "case": {
    "type": "object",
    "title": "Case",
    "additionalProperties": false,
    "required": [
     "then"
    ],
    "properties": {
     "when": {
      "type": "string",
      "title": "When"
     },
     "then": {
      "type": "string",
      "title": "Then"
     }
    }
   },
   "catch": {
    "type": "object",
    "title": "Catch",
    "additionalProperties": false,
    "properties": {
     "errors": {
      "type": "object",
      "title": "Errors",
      "additionalProperties": false,
      "properties": {
       "with": {
        "$ref": "#/$defs/errorFilter"
       }
      }
     },
     "as": {
      "type": "string",
      "title": "As"
     },
     "when": {
      "type": "string",
      "title": "When"
     },
     "exceptWhen": {
      "type": "string",
      "title": "Except when"
     },
     "retry": {
      "title": "Retry",
      "anyOf": [
       {
        "type": "string"
       },
       {
        "$ref": "#/$defs/retry"
       }
      ]
     },
     "do": {
      "$ref": "#/$defs/tasks"
     }
    }
   },
   "errorFilter": {
    "type": "object",
    "title": "Which errors",
    "additionalProperties": false,
    "properties": {
     "type": {
      "type": "string"
     },
     "status": {
      "type": "integer"
     },
     "instance": {
      "type": "string"
     },
     "title": {
      "type": "string"
     },
     "detail": {
      "type": "string"
     },
     "details": {
      "type": "string"
     }
    }
   },
   "retry": {
    "type": "object",
    "title": "Retry",
    "additionalProperties": false,
    "properties": {
     "when": {
      "type": "string",
      "title": "When"
     },
     "exceptWhen": {
      "type": "string",
      "title": "Except when"
     },
     "delay": {
      "$ref": "#/$defs/duration"
     },
     "backoff": {
      "type": "object",
      "title": "Back off",
      "additionalProperties": false,
      "properties": {
       "constant": {
        "type": "object"
       },
       "linear": {
        "type": "object",
        "properties": {
         "increment": {
          "$ref": "#/$defs/duration"
         }
        }
       },
       "exponential": {
        "type": "object"
       }
      }
     },
     "limit": {
      "type": "object",
      "title": "Limit",
      "additionalProperties": false,
      "properties": {
       "attempt": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
         "count": {
          "type": "integer",
          "minimum": 0
         },
         "duration": {
          "$ref": "#/$defs/duration"
         }
        }
       },
       "duration": {
        "$ref": "#/$defs/duration"
       }
      }
     },
     "jitter": {
      "type": "object",
      "required": [
       "from",
       "to"
      ],
      "additionalProperties": false,
      "properties": {
       "from": {
        "$ref": "#/$defs/duration"
       },
       "to": {
        "$ref": "#/$defs/duration"
       }
      }
     }
    }
   },
   "emit": {
    "type": "object",
    "title": "Emit",
    "required": [
     "event"
    ],
    "additionalProperties": false,
    "properties": {
     "event": {
      "type": "object",
      "required": [
       "with"
      ],
      "additionalProperties": false,
      "properties": {
       "with": {
        "type": "object",
        "required": [
         "source",
         "type"
        ],
        "title": "With"
       }
      }
     }
    }
   },
   "listen": {
    "type": "object",
    "title": "Listen",
    "required": [
     "to"
    ],
    "additionalProperties": false,
    "properties": {
     "to": {
      "$ref": "#/$defs/events"
     },
     "read": {
      "enum": [
       "data",
       "envelope",
       "raw"
      ],
      "title": "Read"
     }
    }
   },
   "events": {
    "type": "object",
    "title": "Events",
    "additionalProperties": false,
    "properties": {
     "one": {
      "$ref": "#/$defs/eventFilter"
     },
     "any": {
      "type": "array",
      "items": {
       "$ref": "#/$defs/eventFilter"
      },
      "title": "Any"
     },
     "all": {
      "type": "array",
      "minItems": 1,
      "items": {
       "$ref": "#/$defs/eventFilter"
      },
      "title": "All"
     },
     "until": {
      "title": "Until",
      "description": "Of any: a condition on the events so far, or the events that end it.",
      "anyOf": [
       {
        "type": "string"
       },
       {
        "$ref": "#/$defs/events"
       },
       {
        "const": false
       }
      ]
     }
    }
   },
   "eventFilter": {
    "type": "object",
    "title": "Event",
    "required": [
     "with"
    ],
    "additionalProperties": false,
    "properties": {
     "with": {
      "type": "object",
      "minProperties": 1,
      "title": "With"
     },
     "correlate": {
      "type": "object",
      "title": "Correlate",
      "additionalProperties": {
       "$ref": "#/$defs/correlation"
      }
     }
    }
   },
   "correlation": {
    "type": "object",
    "title": "Correlation",
    "required": [
     "from"
    ],
    "additionalProperties": false,
    "properties": {
     "from": {
      "type": "string"
     },
     "expect": {
      "type": "string"
     }
    }
   },
   "run": {
    "type": "object",
    "title": "Run",
    "additionalProperties": false,
    "properties": {
     "workflow": {
      "$ref": "#/$defs/subflow"
     },
     "container": {
      "type": "object"
     },
     "script": {
      "type": "object"
     },
     "shell": {
      "type": "object"
     },
     "await": {
      "type": "boolean",
      "title": "Await"
     },
     "return": {
      "type": "string",
      "title": "Return"
     }
    }
   },
   "subflow": {
    "type": "object",
    "title": "Workflow",
    "required": [
     "name"
    ],
    "additionalProperties": false,
    "properties": {
     "namespace": {
      "type": "string"
     },
     "name": {
      "type": "string"
     },
     "version": {
      "type": "string"
     },
     "input": {
      "title": "Input"
     }
    }
   },
   "authentication": {
    "type": "object",
    "title": "Authentication",
    "additionalProperties": false,
    "properties": {
     "use": {
      "type": "string"
     },
     "basic": {
      "type": "object",
      "required": [
       "username",
       "password"
      ],
      "additionalProperties": false,
      "properties": {
       "username": {
        "type": "string"
       },
       "password": {
        "type": "string"
       }
      }
     },
     "bearer": {
      "type": "object",
      "required": [
       "token"
      ],
      "additionalProperties": false,
      "properties": {
       "token": {
        "type": "string"
       }
      }
     },
     "certificate": {
      "type": "object"
     },
     "digest": {
      "type": "object"
     },
     "oauth2": {
      "type": "object"
     },
     "oidc": {
      "type": "object"
     }
    }
   }
  }
 },
 "segment": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "/schemas/segment.json",
  "title": "Segment",
  "description": "Records that have something in common, under one name: a condition that lists, other conditions and workflows use by name. File: segments/<name>.json.",
  "type": "object",
  "required": [
   "entity",
   "where"
  ],
  "additionalProperties": false,
  "properties": {
   "$schema": {
    "type": "string",
    "title": "Schema",
    "description": "Address of the schema of this file, for editors."
   },
   "title": {
    "type": "string",
    "minLength": 1,
    "maxLength": 120,
    "title": "Title"
   },
   "description": {
    "type": "string",
    "maxLength": 2000,
    "title": "Description",
    "description": "Who is meant, and what for."
   },
   "entity": {
    "type": "string",
    "minLength": 1,
    "title": "Entity",
    "description": "API name of the entity whose records it is about."
   },
   "where": {
    "type": "object",
    "title": "Condition",
    "description": "The records that meet it are in the segment. It is the same for everybody: it cannot name $user."
   }
  }
 },
 "layer": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "/schemas/layer.json",
  "title": "Layer",
  "description": "About a whole layer: its name and the navigation. Merged like every other document. File: layer.json.",
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "$schema": {
    "type": "string",
    "title": "Schema",
    "description": "Address of the schema of this file, for editors."
   },
   "name": {
    "type": "string",
    "pattern": "^[a-z][a-z0-9-]{0,62}$",
    "title": "Name"
   },
   "title": {
    "type": "string",
    "minLength": 1,
    "maxLength": 120,
    "title": "Title",
    "description": "Shown in the header of the product."
   },
   "description": {
    "type": "string",
    "maxLength": 2000,
    "title": "Description"
   },
   "version": {
    "type": "string",
    "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+$",
    "title": "Version",
    "description": "Of the layer itself, for example 1.2.0."
   },
   "timeZone": {
    "type": "string",
    "minLength": 1,
    "maxLength": 64,
    "title": "Time zone",
    "description": "IANA name such as Asia/Shanghai: where days begin for what is computed and kept, such as “today” in formulas and the last 90 days of a rollup. UTC when left out. People see and filter times in zones of their own."
   },
   "language": {
    "type": "string",
    "minLength": 2,
    "maxLength": 35,
    "title": "Language",
    "description": "BCP 47 tag such as zh: in it people are told things who have chosen no language, and signing in is offered to browsers that ask for none of those of the product. English when left out."
   },
   "navigation": {
    "type": "array",
    "maxItems": 100,
    "title": "Navigation",
    "description": "Groups of entities, in order. Without it every entity is listed in one group.",
    "items": {
     "title": "Navigation group",
     "type": "object",
     "required": [
      "title",
      "entities"
     ],
     "additionalProperties": false,
     "properties": {
      "title": {
       "type": "string",
       "minLength": 1,
       "maxLength": 120,
       "title": "Title"
      },
      "entities": {
       "type": "array",
       "items": {
        "type": "string"
       },
       "uniqueItems": true,
       "title": "Entities"
      },
      "roles": {
       "type": "array",
       "items": {
        "type": "string"
       },
       "uniqueItems": true,
       "title": "Roles",
       "description": "Who has the group in the navigation, inherited roles included. Left out: everybody who may read one of the entities. It takes nobody's rights."
      }
     }
    }
   }
  }
 },
 "texts": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "/schemas/texts.json",
  "title": "Texts",
  "description": "Translations into one language: document path → JSON Pointer into that document → text. File: texts/<BCP 47 tag>.json, for example texts/zh-CN.json.",
  "type": "object",
  "properties": {
   "$schema": {
    "type": "string",
    "title": "Schema",
    "description": "Address of the schema of this file, for editors."
   },
   "$confirmed": {
    "type": "object",
    "title": "Still right",
    "description": "Document path → JSON Pointer → the text for which somebody said that its translation is still right. It counts while the text is this one.",
    "additionalProperties": {
     "type": "object",
     "propertyNames": {
      "pattern": "^/"
     },
     "additionalProperties": {
      "type": "string",
      "maxLength": 2000
     }
    }
   }
  },
  "additionalProperties": {
   "title": "Texts of a document",
   "type": "object",
   "propertyNames": {
    "pattern": "^/"
   },
   "additionalProperties": {
    "type": "string",
    "maxLength": 2000
   }
  }
 }
}
