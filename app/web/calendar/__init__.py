"""The calendar of a learner's exams and days of study, for the programs they plan their time with."""
