// Every statistics vector, and every byte of their results.
import assert from "node:assert/strict";
import { test } from "node:test";

import { digest } from "./digest.mjs";
import { draws } from "./draws.mjs";
import { stats, vectorFiles } from "./module.mjs";

const files = vectorFiles("stats");
const digests = files.get("digests");
files.delete("digests");
const outcomes = [...files.values()].flatMap(({ schema, function: name, vectors }) => {
    assert.equal(schema, 1);
    return vectors.map((vector) => ({ name, vector, got: outcome(name, vector.input) }));
});

test("every vector holds", () => {
    for (const { name, vector, got } of outcomes) {
        const at = `${name} · ${vector.name}`;
        assert.equal(got.code, vector.error, `${at}: ${got.message}`);
        if (vector.error === undefined) {
            agree(at, JSON.parse(got.text), vector.expect, vector.tolerance ?? 0);
        }
    }
    assert.ok(outcomes.length >= 1800, `only ${outcomes.length} vectors were found`);
});

test("every result has the bytes that it has natively", () => {
    const found = {};
    for (const { name, got } of outcomes) {
        found[name] = `${found[name] ?? ""}${got.text ?? got.code}\n`;
    }
    assert.deepEqual(Object.fromEntries(Object.entries(found).map(([name, text]) => [name, digest(text)])), digests);
});

// The text of a result, or the code and message of the error.
function outcome(name, input) {
    try {
        return { text: stats(name, json(expanded(input))) };
    } catch (error) {
        assert.ok(error instanceof Error && error.message !== "", String(error));
        assert.equal(typeof error.code, "string", String(error.stack));
        return { code: error.code, message: error.message };
    }
}

// JSON that has a sign before a zero that has one.
function json(value) {
    if (Object.is(value, -0)) {
        return "-0.0";
    }
    if (Array.isArray(value)) {
        return `[${value.map(json).join(",")}]`;
    }
    if (value !== null && typeof value === "object") {
        return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${json(item)}`).join(",")}}`;
    }
    return JSON.stringify(value);
}

// The input with every sample that is described by its generator written out.
function expanded(input) {
    if (Array.isArray(input)) {
        return input.map(expanded);
    }
    if (input === null || typeof input !== "object") {
        return input;
    }
    if ("distinct" in input) {
        const { seed, n, distinct, scale, offset = 0 } = input;
        const draw = draws(seed);
        return Array.from({ length: n }, () => offset + scale * (1 + draw(distinct)));
    }
    return Object.fromEntries(Object.entries(input).map(([key, item]) => [key, expanded(item)]));
}

// Whether `got` has all that `want` has.
function agree(at, got, want, tolerance) {
    if (typeof want === "number" && typeof got === "number") {
        // Two denormals next to each other agree.
        const close = Math.abs(got - want) <= Math.max(tolerance * Math.abs(want), 5e-324);
        assert.ok(close, `${at} is ${got}, not ${want}`);
    } else if (Array.isArray(want)) {
        assert.equal(got?.length, want.length, `${at} has another length`);
        want.forEach((item, index) => agree(`${at}[${index}]`, got[index], item, tolerance));
    } else if (want !== null && typeof want === "object") {
        Object.entries(want).forEach(([key, item]) => agree(`${at}.${key}`, got?.[key] ?? null, item, tolerance));
    } else {
        assert.equal(got, want, at);
    }
}
