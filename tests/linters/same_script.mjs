// Whether scripts say the same as others but for the spelling of names that are their own. Reads pairs of them from
// standard input, and prints for each pair where they part, or nothing.
import { readFileSync } from 'node:fs';
import { parse } from 'acorn';

const isKey = (parent, field) => !parent.computed && ((parent.type === 'MemberExpression' && field === 'property') ||
  (parent.type === 'Property' && field === 'key'));

// The names that a script declares: of variables and of what its functions take.
const declared = (node, found = new Set(), isPattern = false) => {
  if (Array.isArray(node)) node.forEach((each) => declared(each, found, isPattern));
  else if (node && typeof node === 'object') {
    if (isPattern && node.type === 'Identifier') found.add(node.name);
    for (const [field, part] of Object.entries(node)) {
      const binds = field === 'params' || field === 'id' || field === 'param' ||
        (isPattern && ['left', 'elements', 'properties', 'value', 'argument'].includes(field));
      declared(part, found, binds);
    }
  }
  return found;
};

// With declarations that follow each other as one, and constants as what may be set anew.
const joined = (node) => {
  if (Array.isArray(node)) {
    const parts = [];
    for (const each of node.map(joined)) {
      const before = parts[parts.length - 1];
      if (before && each && before.type === 'VariableDeclaration' && each.type === 'VariableDeclaration') {
        before.declarations.push(...each.declarations);
      } else parts.push(each);
    }
    return parts;
  }
  if (!node || typeof node !== 'object' || node instanceof RegExp) return node;
  const found = Object.fromEntries(Object.entries(node).map(([field, part]) => [field, joined(part)]));
  return found.type === 'VariableDeclaration' ? { ...found, kind: 'let' } : found;
};

const difference = (long, short) => {
  const [left, right] = [long, short].map((text) => joined(parse(text, { ecmaVersion: 2020 })));
  const there = new Map(), back = new Map(), own = declared(left);
  const parts = (one, other, parent, field, path) => {
    if (one === null || typeof one !== 'object' || one instanceof RegExp) return String(one) === String(other) ? '' : path;
    if (other === null || typeof other !== 'object') return path;
    if (one.type === 'Identifier' && other.type === 'Identifier' && !isKey(parent, field)) {
      const renamed = one.name !== other.name;
      if (renamed && !own.has(one.name)) return `${path}: ${one.name} is not the script's own`;
      if ((there.get(one.name) || other.name) !== other.name || (back.get(other.name) || one.name) !== one.name) {
        return `${path}: ${one.name} and ${other.name}`;
      }
      there.set(one.name, other.name);
      back.set(other.name, one.name);
      return '';
    }
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      if (['start', 'end', 'raw'].includes(key) && one.type !== 'TemplateElement' && one.type) continue;
      if (one.type === 'TemplateElement' && ['start', 'end'].includes(key)) continue;
      const found = parts(one[key], other[key], one, key, `${path}.${key}`);
      if (found) return found;
    }
    return '';
  };
  return parts(left, right, {}, '', '');
};

const pairs = JSON.parse(readFileSync(0, 'utf-8'));
console.log(JSON.stringify(pairs.map(([long, short]) => difference(long, short))));
