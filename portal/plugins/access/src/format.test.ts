import {
  approversText,
  durationChoices,
  durationText,
  minutesOf,
} from './format';

describe('durations', () => {
  it('are read from ISO 8601', () => {
    expect(minutesOf('PT1H30M')).toBe(90);
    expect(minutesOf('P1D')).toBe(1440);
    expect(minutesOf('PT15S')).toBe(0.25);
  });

  it('are said in words', () => {
    expect(durationText('PT1H')).toBe('1 hour');
    expect(durationText('P1DT2H5M')).toBe('1 day 2 hours 5 minutes');
    expect(durationText('PT5S')).toBe('PT5S');
  });

  it('are offered up to the maximum, with the default among them', () => {
    expect(durationChoices('PT45M', 'PT2H')).toEqual([
      'PT15M',
      'PT30M',
      'PT45M',
      'PT1H',
      'PT2H',
    ]);
    expect(durationChoices('PT5S', 'PT10S')).toEqual(['PT5S', 'PT10S']);
  });
});

describe('approvers', () => {
  it('are joined by and, alternatives by or', () => {
    expect(approversText([['role:dba-approver']])).toBe('dba-approver');
    expect(
      approversText([
        ['role:security-approver', 'lead:group:default/team-orders'],
        ['role:manager-approver'],
      ]),
    ).toBe('(security-approver or a lead of team-orders) and manager-approver');
  });
});
