// Fields: a filter that reports while one types, choices, and a switch of few options.

import { useEffect, useState } from "preact/hooks";

export function FilterField({
    value,
    onValue,
    label,
    error,
}: {
    value: string;
    onValue: (value: string) => void;
    label: string;
    error?: string | null | undefined;
}) {
    const [typed, type] = useState(value);
    useEffect(() => type(value), [value]);
    return (
        <span class="field">
            <input
                type="search"
                class="input"
                data-filter=""
                placeholder={label}
                aria-label={label}
                aria-invalid={error ? "true" : undefined}
                spellcheck={false}
                autocomplete="off"
                title="A part of the name, words apart by spaces, or /an expression/"
                value={typed}
                onInput={(event) => {
                    type(event.currentTarget.value);
                    onValue(event.currentTarget.value);
                }}
            />
            {error && (
                <span class="field-error" role="alert">
                    {error}
                </span>
            )}
        </span>
    );
}

export interface Option {
    value: string;
    label: string;
}

export function Choice({
    label,
    value,
    options,
    onValue,
}: {
    label: string;
    value: string;
    options: readonly Option[];
    onValue: (value: string) => void;
}) {
    return (
        <label class="choice">
            <span>{label}</span>
            <select class="input" value={value} onChange={(event) => onValue(event.currentTarget.value)}>
                {options.map((option) => (
                    <option key={option.value} value={option.value}>
                        {option.label}
                    </option>
                ))}
            </select>
        </label>
    );
}

export function Segments({
    label,
    value,
    options,
    onValue,
}: {
    label: string;
    value: string;
    options: readonly Option[];
    onValue: (value: string) => void;
}) {
    return (
        <fieldset class="segments">
            <legend class="hidden">{label}</legend>
            {options.map((option) => (
                <button
                    type="button"
                    key={option.value}
                    aria-pressed={option.value === value}
                    onClick={() => onValue(option.value)}
                >
                    {option.label}
                </button>
            ))}
        </fieldset>
    );
}
