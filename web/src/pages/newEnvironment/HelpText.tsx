/** A description of the API's schema, as a sentence with its code marked. */
export function HelpText({ text }: { text: string }) {
  const beginsWithValue = /^\w+[:,]/.test(text);
  const sentence = beginsWithValue ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  const parts = sentence.split('`');
  return (
    <>
      {/* The parts have no identity but their place. */}
      {parts.map((part, i) => (i % 2 === 1 ? <code key={part + i}>{part}</code> : part))}.
    </>
  );
}
