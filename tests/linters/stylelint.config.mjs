// The faults that a reader overlooks in a style sheet, and one way of writing names, colours and nothing at all.
const words = '^[a-z][a-z0-9]*(-[a-z0-9]+)*$';

export default {
  extends: 'stylelint-config-recommended',
  rules: {
    'color-hex-length': 'short',
    'color-named': 'never',
    'length-zero-no-unit': true,
    // The sheets are ordered by part, and print comes last.
    'no-descending-specificity': null,
    'selector-class-pattern': words,
    'selector-id-pattern': words,
  },
};
