view = View
view-day = Day
view-week = Week
view-month = Month
week-number = Week { $week }
week-letters = Wk
all-day = all day
more = + { $count } more
appointments-count = { $count ->
     [0] No appointments
     [one] 1 appointment
    *[other] { $count } appointments
}
appointment-moved = { $what }: { $when }
visit-planned = Visit at { $customer }: { $when }
calendar-stretch = Drag to change the length
calendar-drag-hint = Drag into the calendar or click
calendar-customers = Plan a visit
calendar-customers-hint = Find a customer …
calendar-keys = ←→ turn pages, T today, D day, W week, M month, N new visit. Alt with arrows moves an appointment, with Shift its end.
calendar-file = Calendar file
calendar-import = Import
calendar-import-hint = Read a calendar file (.ics)
calendar-export = Export
calendar-export-hint = Write what is shown as a calendar file (.ics)
calendar-export-one = Write this appointment as a calendar file (.ics)
calendar-written = { $count ->
     [0] No appointments in this span; the file is empty: { $path }
     [one] 1 appointment written: { $path }
    *[other] { $count } appointments written: { $path }
}
calendar-import-title = Import { $file }
calendar-added = new
calendar-changed = changed
calendar-same = unchanged
calendar-left-out = left out
calendar-left-out-which = Left out: { $count }
calendar-of-series = { $count } of them are single dates of series (the next twelve months).
calendar-nothing-new = This file brings nothing new.
calendar-take = Import
calendar-imported = { $file }: { $added } new, { $changed } changed
calendar-why-zone = unknown time zone
calendar-why-no-start = no readable beginning
calendar-why-length = no readable length
calendar-why-rule = unreadable series
calendar-why-past-series = the series is over
calendar-why-cancelled = cancelled, and not known here
failure-calendar-file = This is no calendar file that can be read. Nothing was changed.
failure-file = The file cannot be written or opened. Nothing in Kontor is lost.
operation-appointment-move = Appointment moved
operation-appointment-import = Calendar file imported
route = Tour
route-empty = No visit on this day. Drag a customer into the calendar.
choose-day = Choose a day
month-before = Month before
month-after = Month after
day-hint = DD.MM.YYYY
day-unreadable = Not a date like 21 Nov 2026, “tomorrow” or “+7”.
time-hint = Arrow up and down: { $minutes } minutes
time-unreadable = Not a time like 9:30.
