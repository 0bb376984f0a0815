import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@common-ground/kernel';
import { asUnavailable, isPassing, isRetriable, sqlStateOf } from './index.js';

const withState = (code: string, message = 'refused') => Object.assign(new Error(message), { code });
const wrapped = (code: string) => Object.assign(new Error('Query failed'), { driverError: withState(code) });

describe('errors of the storage', () => {
  it.each(['40001', '40P01'])('%s is worth another try at once', (state) => {
    expect([isRetriable(wrapped(state)), isPassing(wrapped(state))]).toEqual([true, true]);
  });

  it.each(['08006', '57P01', '57P03', '53300', '55P03', '57014', '25P03'])('%s passes', (state) => {
    expect([isRetriable(wrapped(state)), isPassing(wrapped(state))]).toEqual([false, true]);
  });

  it.each(['23505', '42P01', '42501', '22P02'])('%s is a fault of the work', (state) => {
    expect(isPassing(wrapped(state))).toBe(false);
  });

  it.each(['connect ECONNREFUSED 127.0.0.1:5432', 'Connection terminated unexpectedly', 'timeout exceeded when trying to connect', 'Query read timeout'])('%s passes', (message) => {
    expect(isPassing(new Error(message))).toBe(true);
  });

  it('are told from ours', () => {
    expect(isPassing(asUnavailable(new Error('away')))).toBe(true);
    expect(isPassing(new DomainError('conflict', 'TAKEN', 'Taken.'))).toBe(false);
    expect(isPassing(new TypeError('undefined is not a function'))).toBe(false);
    expect(sqlStateOf({ cause: { driverError: { code: '23505' } } })).toBe('23505');
    expect(sqlStateOf({ code: 'ECONNRESET' })).toBeUndefined();
  });
});
