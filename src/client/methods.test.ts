import { describe, expect, it } from 'vitest';
import { CALLS } from '../api/calls';
import { createClient, METHODS } from './client';

describe("the client's methods", () => {
  it('has a method for each call of the API, and names no call that there is not', () => {
    const client = createClient({ url: 'https://api.example.com/v1/' });
    expect(Object.keys(METHODS).sort()).toEqual(CALLS.map(({ operationId }) => operationId).sort());
    for (const method of Object.values(METHODS)) expect(client[method], method).toBeTypeOf('function');
  });
});
