"""Case files [hồ sơ công việc]: the list of the year, what is collected, closing. The archive is `office.archive`."""
