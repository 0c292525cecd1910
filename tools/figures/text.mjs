// How the pages write figures.
const written = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
const money = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const number = (value) => (value > 0 && value < 10 && !Number.isInteger(value) ? small : written).format(value);
export const usd = (value) => money.format(value);
export const row = (cells) => `| ${cells.join(' | ')} |`;
