const UNITS: Array<[RegExp, number, string]> = [
  [/(\d+)D/, 1440, 'day'],
  [/(\d+)H/, 60, 'hour'],
  [/(\d+)M/, 1, 'minute'],
];

/** An ISO 8601 duration in minutes: `PT1H30M` → 90. Seconds count as a part of a minute. */
export function minutesOf(duration: string): number {
  const seconds = Number(/([\d.]+)S/.exec(duration)?.[1] ?? 0);
  return UNITS.reduce(
    (sum, [pattern, minutes]) =>
      sum + Number(pattern.exec(duration)?.[1] ?? 0) * minutes,
    seconds / 60,
  );
}

/** An ISO 8601 duration in words: `PT1H30M` → 1 hour 30 minutes. */
export function durationText(duration: string): string {
  let left = Math.round(minutesOf(duration));
  const parts: string[] = [];
  for (const [, minutes, name] of UNITS) {
    const count = Math.floor(left / minutes);
    if (count > 0) {
      parts.push(`${count} ${name}${count > 1 ? 's' : ''}`);
      left -= count * minutes;
    }
  }
  return parts.join(' ') || duration;
}

const CHOICES = [15, 30, 60, 120, 240, 480, 1440];

/** Durations to choose from, up to a maximum and including it and the default; as ISO 8601. */
export function durationChoices(standard: string, maximum: string): string[] {
  const most = minutesOf(maximum);
  const minutes = new Set([
    ...CHOICES.filter(choice => choice <= most),
    minutesOf(standard),
    most,
  ]);
  return [...minutes].sort((a, b) => a - b).map(isoOf);
}

function isoOf(minutes: number): string {
  const whole = Math.floor(minutes);
  const [hours, rest] = [Math.floor(whole / 60), whole % 60];
  const seconds = Math.round((minutes - whole) * 60);
  return `PT${hours ? `${hours}H` : ''}${rest ? `${rest}M` : ''}${
    seconds ? `${seconds}S` : ''
  }`;
}

/** Who must approve, in words: `dba-approver and (security-approver or a lead of team-orders)`. */
export function approversText(groups: string[][]): string {
  return groups
    .map(group => {
      const names = group.map(key =>
        key.startsWith('lead:')
          ? `a lead of ${key
              .slice('lead:'.length)
              .replace(/^group:default\//, '')}`
          : key.replace(/^role:/, ''),
      );
      const text = names.join(' or ');
      return names.length > 1 && groups.length > 1 ? `(${text})` : text;
    })
    .join(' and ');
}
