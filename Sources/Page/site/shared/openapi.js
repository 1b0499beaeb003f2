// What the server says about its own endpoints, as fields of a form.

import { getJSON } from "./api.js";

let loading;
/** The server's description of itself, fetched once. */
export function loadDescription() {
  loading ??= getJSON({ path: "/openapi.json" }).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** The fields of an operation such as "GET /ruin": name, schema, description, default, example. */
export function fieldsOf(description, operation) {
  const [method, path] = operation.split(" ");
  const declared = description.paths[path]?.[method.toLowerCase()];
  if (!declared) return [];
  if (method === "POST") return bodyFields(description, declared);
  return (declared.parameters ?? [])
    .map((parameter) => resolve(description, parameter))
    .filter((parameter) => parameter.in === "query" && parameter.name !== "format")
    .map(({ name, schema, description: sentence, example, required }) =>
      field(
        description,
        name,
        { description: sentence, examples: example === undefined ? [] : [example], ...schema },
        required,
      )
    );
}

function bodyFields(description, declared) {
  let schema = resolve(description, declared.requestBody.content["application/json"].schema);
  // Where several bodies are understood, the object is the one with names.
  if (schema.anyOf) schema = schema.anyOf.map((one) => resolve(description, one)).find((one) => one.properties);
  return Object.entries(schema?.properties ?? {}).map(([name, property]) =>
    field(description, name, property, schema.required?.includes(name))
  );
}

function field(description, name, unresolved, required = false) {
  const schema = resolve(description, unresolved);
  const options = schema.anyOf?.map((one) => resolve(description, one)) ?? [schema];
  const words = options.flatMap((one) => one.enum ?? (one.const === undefined ? [] : [one.const]));
  const number = options.find((one) => one.type === "number" || one.type === "integer");
  const items = schema.type === "array" ? resolve(description, schema.items ?? {}) : null;
  return {
    name,
    required,
    schema,
    words,
    number,
    items,
    kind: kindOf(schema, words, number, items),
    description: schema.description ?? "",
    default: schema.default,
    example: schema.examples?.[0] ?? schema.default,
  };
}

function kindOf(schema, words, number, items) {
  if (items?.enum) return "choices";
  if (items) return "list";
  if (schema.type === "boolean") return "switch";
  if (words.length > 1 && !number) return "choice";
  return number ? "number" : "text";
}

/** Follows a $ref; what is written beside it takes precedence. */
function resolve(description, schema) {
  if (!schema?.$ref) return schema;
  const { $ref, ...own } = schema;
  const target = $ref.slice(2).split("/").reduce((node, key) => node[key], description);
  return { ...resolve(description, target), ...own };
}

/** The range of a number in words, "" where there is none. */
export function rangeText({ number }) {
  if (!number) return "";
  const shown = (value) => Math.abs(value) >= 1e15 ? value.toExponential() : value.toLocaleString("en");
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = number;
  if (number.type !== "integer" && minimum !== undefined && maximum < 1e15) return `From ${shown(minimum)} to ${shown(maximum)}`;
  // That a count is at least 1 goes without saying.
  const low = number.type === "integer" && (minimum === 0 || minimum === 1)
    ? ""
    : minimum > 0 && minimum < 1e-300
    ? "above 0"
    : minimum !== undefined
    ? `at least ${shown(minimum)}`
    : exclusiveMinimum !== undefined
    ? `above ${shown(exclusiveMinimum)}`
    : "";
  const high = maximum < 1e15
    ? `at most ${shown(maximum)}`
    : exclusiveMaximum !== undefined
    ? `below ${shown(exclusiveMaximum)}`
    : "";
  const range = [low, high].filter(Boolean).join(", ");
  return range && range[0].toUpperCase() + range.slice(1);
}
