import { describe, expect, test } from 'vitest';
import { describedTypes } from '../../src/emulator/schema/describedTypes.ts';
import { publishedVersions } from '../../src/emulator/schema/apiVersions.ts';
import { object } from '../../src/emulator/schema/shapes.ts';
import { armTypesFolder, armTypesPresent, nearest, readArmTypes } from './armTypes.ts';
import { differences } from './compareDescription.ts';

if (!armTypesPresent)
  console.warn(
    `The emulator's descriptions are not compared: there is no ${armTypesFolder} (MOAT_ARM_TYPES names another folder)`,
  );

/** Where a description is deliberately not as published, and why. */
const deliberate: readonly [RegExp, string][] = [
  [
    /^Microsoft\.Compute\/virtualMachines .*\.vmSize:/,
    'the list is open and old: the sizes of a region are known to the rules',
  ],
  [/^Microsoft\.Compute\/virtualMachines .*\.(network|disk)ApiVersion:/, 'grows with every version'],
  [/securityRules.*\.protocol:/, 'Azure refuses it with a code of its own, as the rules of the type do'],
  [
    /^Microsoft\.Storage\/storageAccounts properties\.networkAcls\.bypass:/,
    'several values may be combined: "Logging, Metrics"',
  ],
  [
    /^Microsoft\.Insights\/components .*\.(Application_Type|Flow_Type|Request_Source):/,
    'azurerm sends others, such as java',
  ],
  [/^Microsoft\.OperationalInsights\/workspaces .*sku\.name:/, 'azurerm also offers Unlimited'],
  [/^Microsoft\.OperationalInsights\/workspaces identity\.type:/, 'one description of identities for all types'],
];

const types = armTypesPresent ? readArmTypes() : [];
const lines = types.flatMap((type) =>
  differences(type, describedTypes[type.type] ?? object(''), nearest(types, type.type, '9') === type).map(
    (line) => `${type.type} ${line}`,
  ),
);

describe.skipIf(!armTypesPresent)("The emulator's descriptions", () => {
  test('have every published member, with its kind and its values.', () => {
    expect(lines.filter((line) => !deliberate.some(([what]) => what.test(line)))).toEqual([]);
  });

  test('differ only where it is said.', () => {
    expect(deliberate.filter(([what]) => !lines.some((line) => what.test(line)))).toEqual([]);
  });

  test('and the lists of api-versions have every version that is sent and published.', () => {
    const missing = types.flatMap(({ type, version, sent }) =>
      [version, sent].filter((one) => !publishedVersions(type).includes(one)).map((one) => `${type}@${one}`),
    );
    expect(missing).toEqual([]);
  });
});

test.skipIf(!armTypesPresent)('The comparison finds a planted difference of each kind.', () => {
  const zone = types.find(({ type }) => type.endsWith('/virtualNetworkLinks'))!;
  const planted = object('location etag:bool tags:{} systemData - id', {
    properties: object('registrationEnabled resolutionPolicy:Default - virtualNetwork'),
  });
  expect(differences(zone, planted).toSorted()).toEqual([
    'etag: is text, not boolean',
    'properties.provisioningState: is missing',
    'properties.registrationEnabled: is boolean, not text',
    'properties.resolutionPolicy: has other values: nxdomainredirect',
    'properties.virtualNetwork: is not read-only',
    'properties.virtualNetworkLinkState: is missing',
    'systemData: is read-only',
  ]);
});
