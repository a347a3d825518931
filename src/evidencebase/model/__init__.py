"""What there is: values, anchors, records, appraisals, the vocabulary, and how groups and places relate."""
