"""The quality gate before a person looks: pictures measured once, judged by each channel's rules.

Measuring decodes a picture and knows no rule; judging knows rules and decodes nothing. So a changed
rule is judged anew from what was measured.
"""
