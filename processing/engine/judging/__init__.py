"""From facts to outcomes, findings and verdicts under the law of a day."""
