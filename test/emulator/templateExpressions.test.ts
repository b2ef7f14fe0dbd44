import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/emulator/arm/model.ts';
import { evaluate } from '../../src/emulator/templates/evaluate.ts';
import { surroundingsOf } from '../../src/emulator/templates/surroundings.ts';
import { templateJson } from '../../src/emulator/templates/templateJson.ts';
import { MemoryCloud } from './memoryCloud.ts';

const subscription = '/subscriptions/11111111-2222-4333-8444-555555555555';
const groupId = `${subscription}/resourceGroups/rg`;

function evaluated(value: Json): Json {
  const cloud = new MemoryCloud();
  cloud.save({
    id: groupId,
    type: 'Microsoft.Resources/resourceGroups',
    name: 'rg',
    location: 'westus2',
    properties: {},
    createdAt: 0,
  });
  const template = {
    variables: { size: 'Big', both: "[concat(variables('size'), parameters('name'))]", one: "[variables('one')]" },
  };
  const parameters = { name: 'moat', tags: { team: 'ml' }, zones: [1, 2, 3] };
  return evaluate(value, surroundingsOf({ cloud, groupId, name: 'main', template, parameters }));
}

describe('expressions have the values that Azure gives them', () => {
  test.each<[string, Json]>([
    ['plain', 'plain'],
    ['[[not an expression]', '[not an expression]'],
    ["[parameters('NAME')]", 'moat'],
    ["[variables('both')]", 'Bigmoat'],
    ["[parameters('tags').team]", 'ml'],
    ["[parameters('zones')[1]]", 2],
    ["[toUpper(concat('it''s ', parameters('name')))]", "IT'S MOAT"],
    ["[format('{0}-{1}-{{x}}', 'a', 2)]", 'a-2-{x}'],
    ["[replace('a-b-c', '-', '$&')]", 'a$&b$&c'],
    ["[substring('abcdef', 2, 3)]", 'cde'],
    ["[split('a;b,c', createArray(';', ','))]", ['a', 'b', 'c']],
    ["[if(equals(parameters('name'), 'moat'), 'yes', reference('none'))]", 'yes'],
    ["[if(equals('a', 'A'), 1, 2)]", 2],
    ["[equals(createObject('a', 1, 'b', 2), json('{\"b\":2,\"a\":1}'))]", true],
    ['[empty(createArray())]', true],
    ["[length(parameters('zones'))]", 3],
    ['[json(\'[1, {"a": null}]\')]', [1, { a: null }]],
    ['[union(createArray(1, 2), createArray(2, 3))]', [1, 2, 3]],
    ['[union(json(\'{"a":{"x":1}}\'), json(\'{"a":{"y":2}}\'))]', { a: { x: 1, y: 2 } }],
    ["[string(parameters('tags'))]", '{"team":"ml"}'],
    ["[concat('is ', true())]", 'is True'],
    ["[int('12')]", 12],
    ["[bool('TRUE')]", true],
    ["[array('x')]", ['x']],
    ["[contains('moat', 'oa')]", true],
    ["[coalesce(null(), 'b')]", 'b'],
    ['[resourceGroup().location]', 'westus2'],
    ['[subscription().id]', subscription],
    [
      "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'v', 's')]",
      `${groupId}/providers/Microsoft.Network/virtualNetworks/v/subnets/s`,
    ],
    [
      "[resourceId('other', 'Microsoft.Network/virtualNetworks', 'v')]",
      `${subscription}/resourceGroups/other/providers/Microsoft.Network/virtualNetworks/v`,
    ],
    [
      "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')]",
      `${subscription}/providers/Microsoft.Authorization/roleDefinitions/r`,
    ],
    [
      "[extensionResourceId(resourceGroup().id, 'Microsoft.Authorization/locks', 'l')]",
      `${groupId}/providers/Microsoft.Authorization/locks/l`,
    ],
    ['[last(range(3, 4))]', 6],
  ])('%s', (expression, value) => expect(evaluated(expression)).toEqual(value));

  test('at any depth, and in the names of members', () => {
    expect(evaluated({ "[parameters('name')]": [{ a: "[toLower('X')]" }, 1] })).toEqual({ moat: [{ a: 'x' }, 1] });
  });

  test('uniqueString and guid: the same for the same arguments', () => {
    const unique = evaluated("[uniqueString(resourceGroup().id, 'a')]");
    expect(unique).toMatch(/^[a-z2-7]{13}$/);
    expect(evaluated("[uniqueString(resourceGroup().id, 'a')]")).toBe(unique);
    expect(evaluated("[uniqueString(resourceGroup().id, 'b')]")).not.toBe(unique);
    expect(evaluated("[guid('a', 'b')]")).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(evaluated("[guid('a', 'b')]")).toBe(evaluated("[guid('a', 'b')]"));
  });
});

describe('a wrong expression is refused with its reason', () => {
  test.each([
    ["[parameters('none')]", "The template parameter 'none' is not found."],
    ["[variables('none')]", "The template variable 'none' is not found."],
    ["[variables('one')]", 'refers to itself'],
    ["[concat('a']", "Unable to parse language expression 'concat('a''"],
    ["[concat('a') 'b']", 'Unable to parse language expression'],
    ["[nonsense('a')]", "The template function 'nonsense' is not valid."],
    ['[utcNow()]', "The function 'utcNow' in templates is not emulated."],
    ["[listKeys('a', 'b')]", "The function 'listKeys' in templates is not emulated."],
    ["[contoso.name('a')]", "The function 'contoso.name' in templates is not emulated."],
    [
      "[parameters('tags').none]",
      "The language expression property 'none' doesn't exist, available properties are 'team'.",
    ],
    ["[parameters('zones')[3]]", "array index '3' is out of bounds"],
    ["[substring('abc', 2, 5)]", 'must refer to a location within the string'],
    ['[range(0, 10001)]', 'between 0 and 10000'],
    ['[toLower(1)]', "expects its parameter to be of type 'String'. The provided value is of type 'Integer'"],
    ["[resourceId('Microsoft.Network/virtualNetworks', 'v', 's')]", "requires '1' resource name argument(s)"],
    ["[reference('x')]", "The template function 'reference' is not expected at this location."],
  ])('%s', (expression, reason) => expect(() => evaluated(expression)).toThrow(reason));
});

test('the body of a deployment may have comments, line breaks in texts, and names without quotes', () => {
  const sent = `{"properties": {"mode": "Incremental", template:{
    // a comment: with "quotes"
    "resources": [ /* none */ ], "url": "https://host/x", "text": "two
lines", "last": "a: b, }",
  }}}`;
  expect(JSON.parse(templateJson(sent))).toEqual({
    properties: {
      mode: 'Incremental',
      template: { resources: [], url: 'https://host/x', text: 'two\nlines', last: 'a: b, }' },
    },
  });
});
