import { expect, it } from 'vitest';
import { optionsPage, optionTables } from '../../tools/options-page.ts';

it('docs/options.md says what the schemas say: npm run generate writes it', async () => {
  await expect(optionsPage()).toMatchFileSnapshot('../../docs/options.md');
});

it('every option says what it does, or at least what holds without it, and which values it takes', () => {
  for (const [table, rows] of Object.entries(optionTables())) {
    expect(rows.length, table).toBeGreaterThan(0);
    for (const { option, value, fallback, description } of rows) {
      expect(value, `${table}: ${option}`).not.toBe('');
      expect(description + fallback, `${table}: ${option}`).not.toBe('');
    }
  }
});
