// The server's expressions, evaluated here to draw contours under its paths.
// Grammar: or below and below not below comparisons below + − below * / below unary minus below ^, which groups to the
// right. Comparisons are 1 or 0; a < b < c means a < b and b < c.

const FUNCTIONS = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  tanh: Math.tanh,
  min: Math.min,
  max: Math.max,
  erf,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};
const CONSTANTS = { pi: Math.PI, e: Math.E };
const OR = { strength: -4, apply: (a, b) => Number(a !== 0 || b !== 0) };
const AND = { strength: -3, apply: (a, b) => Number(a !== 0 && b !== 0) };
const comparison = (holds) => ({ strength: -1, isComparison: true, apply: (a, b) => Number(holds(a, b)) });
const BINARY = {
  or: OR,
  "||": OR,
  and: AND,
  "&&": AND,
  "<": comparison((a, b) => a < b),
  "<=": comparison((a, b) => a <= b),
  ">": comparison((a, b) => a > b),
  ">=": comparison((a, b) => a >= b),
  "==": comparison((a, b) => a === b),
  "!=": comparison((a, b) => a !== b),
  "+": { strength: 1, apply: (a, b) => a + b },
  "-": { strength: 1, apply: (a, b) => a - b },
  "*": { strength: 2, apply: (a, b) => a * b },
  "/": { strength: 2, apply: (a, b) => a / b },
  "^": { strength: 4, apply: Math.pow },
};
const NOT_STRENGTH = -2, UNARY_STRENGTH = 3, WEAKEST = -4;

/** A function of the named variables in their order; null where the text is not an expression. */
export function compile(text, variables) {
  const tokens =
    text.match(/\s*(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|[<>=!]=|&&|\|\||\S)/g)?.map((token) =>
      token.trim()
    ) ?? [];
  let at = 0;
  const fail = () => {
    throw new SyntaxError("not an expression");
  };
  const expect = (token) => tokens[at] === token ? at++ : fail();

  function expression(strength) {
    let left = operand(), middle = null;
    for (;;) {
      const operator = Object.hasOwn(BINARY, tokens[at] ?? "") ? BINARY[tokens[at]] : null;
      if (!operator || operator.strength < strength) return left;
      const isPower = tokens[at++] === "^";
      const a = left, b = expression(operator.strength + (isPower ? 0 : 1)), shared = middle;
      left = operator.isComparison && shared
        ? (v) => AND.apply(a(v), operator.apply(shared(v), b(v)))
        : (v) => operator.apply(a(v), b(v));
      middle = operator.isComparison ? b : null;
    }
  }

  function operand() {
    const token = tokens[at++] ?? fail();
    if (token === "(") {
      const inner = expression(WEAKEST);
      expect(")");
      return inner;
    }
    if (token === "not" || token === "!") {
      const inner = expression(NOT_STRENGTH + 1);
      return (v) => Number(inner(v) === 0);
    }
    if (token === "-" || token === "+") {
      const inner = expression(UNARY_STRENGTH);
      return token === "-" ? (v) => -inner(v) : inner;
    }
    if (/^[\d.]/.test(token)) {
      const value = Number(token);
      return () => value;
    }
    const place = variables.indexOf(token);
    if (place >= 0) return (v) => v[place];
    if (token === "if") {
      const list = operands();
      if (list.length !== 3) fail();
      return (v) => list[0](v) !== 0 ? list[1](v) : list[2](v);
    }
    if (Object.hasOwn(FUNCTIONS, token)) return call(FUNCTIONS[token]);
    if (Object.hasOwn(CONSTANTS, token)) return () => CONSTANTS[token];
    return fail();
  }

  function operands() {
    expect("(");
    const list = [expression(WEAKEST)];
    while (tokens[at] === ",") {
      at++;
      list.push(expression(WEAKEST));
    }
    expect(")");
    return list;
  }

  function call(f) {
    const list = operands();
    return list.length === 1 ? (v) => f(list[0](v)) : (v) => f(...list.map((one) => one(v)));
  }

  try {
    const result = expression(WEAKEST);
    return at === tokens.length ? result : null;
  } catch {
    return null;
  }
}

/** Abramowitz and Stegun 7.1.26, to 1.5 · 10⁻⁷: enough for a contour. */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const p = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - p * Math.exp(-x * x));
}
