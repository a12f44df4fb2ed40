import { readFileSync } from "node:fs";

/**
 * Fits the refusal of src/retrieval/judge-answerable.ts: `node eval/fit-abstention.mjs FIGURES`, on what
 * `npm run -s eval -- --set sample --set shared --set holdout-tune --figures FIGURES` wrote.
 * Prints the coefficients, and what each threshold would answer and refuse, every question judged by a fit
 * to all others. The set holdout-test takes no part: it tells how the fit does on questions it never met.
 */
const FIGURES = ["covered", "score", "askedWords", "missingName"];
/** Weight of the squared coefficients, on standardised figures. */
const L2 = 1;
const NEWTON_STEPS = 50;

const rows = readFileSync(process.argv[2], "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line))
  .filter(({ set, evidence }) => set !== "holdout-test" && evidence.covered !== undefined)
  .map(({ set, isAnswerable, evidence }) => ({
    set,
    isAnswerable,
    isRuledOut: evidence.lacksLabel || evidence.lacksAttribute,
    figures: FIGURES.map((name) => evidence[name]),
  }));
const judged = rows.filter((row) => !row.isRuledOut);

const fitted = regress(judged);
console.log("intercept", fitted.intercept.toFixed(2));
for (const [at, name] of FIGURES.entries()) console.log(name, fitted.weights[at].toFixed(2));

const confidences = rows.map((row) =>
  row.isRuledOut ? 0 : confidence(regress(judged.filter((other) => other !== row)), row),
);
const sets = [...new Set(rows.map((row) => row.set))];
for (const threshold of [0.2, 0.24, 0.26, 0.28, 0.3, 0.32, 0.34, 0.4, 0.5]) {
  const shares = sets.map((set) => `${set} ${share(set, true)} ${share(set, false)}`);
  console.log(threshold, "answered, refused:", shares.join("; "));

  function share(set, isAnswerable) {
    const ofKind = rows
      .map((row, at) => ({ ...row, isAnswered: confidences[at] >= threshold }))
      .filter((row) => row.set === set && row.isAnswerable === isAnswerable);
    return (
      ofKind.filter((row) => row.isAnswered === isAnswerable).length / Math.max(1, ofKind.length)
    ).toFixed(3);
  }
}

function confidence({ intercept, weights }, { figures }) {
  return sigmoid(figures.reduce((sum, figure, at) => sum + weights[at] * figure, intercept));
}

function sigmoid(logit) {
  return 1 / (1 + Math.exp(-logit));
}

/** Logistic regression by Newton's method; answerable and unanswerable questions weigh the same in total. */
function regress(samples) {
  const scales = FIGURES.map((_, at) => {
    const values = samples.map(({ figures }) => figures[at]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, deviation: Math.sqrt(variance) || 1 };
  });
  const inputs = samples.map(({ figures }) => [
    1,
    ...figures.map((figure, at) => (figure - scales[at].mean) / scales[at].deviation),
  ]);
  const answerable = samples.filter((sample) => sample.isAnswerable).length / samples.length;
  let solution = FIGURES.map(() => 0).concat(0);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const gradient = solution.map((value, at) => (at === 0 ? 0 : L2 * value));
    const hessian = solution.map((_, row) =>
      solution.map((__, column) => (row === column && row > 0 ? L2 : 0)),
    );
    for (const [at, input] of inputs.entries()) {
      const target = samples[at].isAnswerable ? 1 : 0;
      const weight = 0.5 / (target === 1 ? answerable : 1 - answerable);
      const share = sigmoid(input.reduce((sum, value, each) => sum + value * solution[each], 0));
      for (let row = 0; row < input.length; row++) {
        gradient[row] += weight * (share - target) * input[row];
        for (let column = 0; column < input.length; column++) {
          hessian[row][column] += weight * share * (1 - share) * input[row] * input[column];
        }
      }
    }
    const change = solve(hessian, gradient);
    solution = solution.map((value, at) => value - change[at]);
  }
  const weights = scales.map(({ deviation }, at) => solution[at + 1] / deviation);
  const intercept = solution[0] - weights.reduce((sum, w, at) => sum + w * scales[at].mean, 0);
  return { intercept, weights };
}

/** Gauss-Jordan; the matrix is positive definite, so that no pivot is 0. */
function solve(matrix, vector) {
  const rows = matrix.map((row, at) => [...row, vector[at]]);
  for (let pivot = 0; pivot < rows.length; pivot++) {
    const lead = rows[pivot].map((value) => value / rows[pivot][pivot]);
    rows[pivot] = lead;
    for (let at = 0; at < rows.length; at++) {
      if (at === pivot) continue;
      const factor = rows[at][pivot];
      rows[at] = rows[at].map((value, column) => value - factor * lead[column]);
    }
  }
  return rows.map((row) => row[rows.length]);
}
